/** The environment of a wrangler whose build hook has nothing to do, because whoever starts it has built everything (scripts/build.ts). */
export const builtEnv = { FACEGATE_BUILT: 'true' }
