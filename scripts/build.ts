/** npm run build: what the Worker's bundle imports; also the hook that wrangler runs before it bundles (wrangler.toml). */
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'
import { buildForWrangler } from './setup/build.ts'

export const command = declare({
  name: 'build',
  summary:
    "Makes what the Worker's bundle imports: kernels, pages, weights, shards, the known face of /health.",
  about: 'Each step leaves alone what is up to date. Wrangler runs it before it bundles.',
  examples: [''],
  async run() {
    await buildForWrangler(process.env.WRANGLER_COMMAND)
    return 0
  },
})

if (import.meta.main) runCommand(command)
