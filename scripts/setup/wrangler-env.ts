/** The environment in which commands start wrangler: quiet, and with a place for its own files also where there is no home to write to. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../front/project-root.ts'

/** For a wrangler whose build hook has nothing to do, because whoever starts it has built everything (scripts/build.ts). */
export const builtEnv = { FACEGATE_BUILT: 'true' }

export function wranglerEnv(given: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    ...given,
    ...builtEnv,
    WRANGLER_SEND_METRICS: 'false',
    CI: 'true',
    ...(hasPlace(given) ? {} : { XDG_CONFIG_HOME: join(projectRoot, '.wrangler', 'config') }),
  }
}

/** Whether wrangler can make the folder in which it keeps its log and its list of running Workers. */
function hasPlace({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): boolean {
  try {
    mkdirSync(join(XDG_CONFIG_HOME || join(HOME || homedir(), '.config'), '.wrangler'), {
      recursive: true,
    })
    return true
  } catch {
    return false
  }
}
