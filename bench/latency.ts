/** npm run bench:latency: how long a request waits for objects that are far away. */
import { declare } from '../scripts/front/command.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { measureLatency } from './request/measure-latency.ts'

export const command = declare({
  name: 'bench:latency',
  summary: 'Measures how long a request waits for objects that are far away.',
  about:
    'The real bundle in workerd, with delays of its objects and of KV. Leave the machine alone meanwhile.',
  examples: [''],
  async run() {
    await measureLatency()
    return 0
  },
})

if (import.meta.main) runCommand(command)
