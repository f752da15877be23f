/** npm run bench:import: an import into the real bundle, as one request that is streamed both ways. */
import { createTestHarness } from 'wrangler'
import { declare } from '../scripts/front/command.ts'
import { number, wholeFrom } from '../scripts/front/inputs.ts'
import { projectRoot } from '../scripts/front/project-root.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { packedModel } from '../scripts/weights/packed-model.ts'
import { machine } from './measure/machine.ts'
import { residentBytes, workerdPids } from './measure/process-memory.ts'
import { lastLine, sendPeople } from './people/send-people.ts'

const key = 'bench-admin-key'

export const command = declare({
  name: 'bench:import',
  summary: 'Measures an import into the real bundle, as one request that is streamed both ways.',
  about:
    'Lines a second, and how much workerd and the sender grow meanwhile. First lines that are read, checked and refused, since they are of ' +
    'another network: what reading costs and holds. Then people who are stored, once more when nobody changes, and the export. Locally ' +
    'workerd opens an SQLite file for each person, which takes nearly all of the time: 100,000 people take hours. Duplicates are allowed: ' +
    'a search a line costs what bench:search says. Leave the machine alone meanwhile.',
  options: {
    lines: number('N', 'that are refused', wholeFrom(1), 100_000),
    people: number('N', 'who are stored', wholeFrom(1), 2000),
  },
  examples: ['', '--lines 10000 --people 200'],
  async run({ lines, people }) {
    await setUp()
    const model = await packedModel()
    const server = createTestHarness({
      root: projectRoot,
      workers: [
        {
          configPath: 'wrangler.toml',
          secrets: {
            ADMIN_KEY: key,
            APP_KEY: 'bench-app-key',
            TEMPLATE_KEYS: `bench:${btoa('k'.repeat(32))}`,
          },
        },
      ],
    })
    const { url } = await server.listen()
    const target = { url, key }
    // Starts the networks, so that they are not counted.
    await (await fetch(new URL('/health', url))).text()
    console.log(machine())
    console.log('| what | lines/s | workerd grows by | sender grows by | outcome |')
    console.log('|---|---|---|---|---|')
    const other = 'another-network@00000000'
    await measure(`${lines} lines refused`, lines, () => sendPeople(target, lines, other))
    await measure(`${people} people imported`, people, () => sendPeople(target, people, model))
    await measure('the same again', people, () => sendPeople(target, people, model))
    await measure('exported', people, () => readPeople(url))
    await server.close()
    return 0
  },
})

async function measure(what: string, count: number, run: () => Promise<string>): Promise<void> {
  const pids = await workerdPids()
  const before = await Promise.all(pids.map(residentBytes))
  const senderBefore = process.memoryUsage().rss
  let senderPeak = senderBefore
  let peaks = before
  const watch = setInterval(async () => {
    senderPeak = Math.max(senderPeak, process.memoryUsage().rss)
    const now = await Promise.all(pids.map(residentBytes))
    peaks = peaks.map((peak, i) => Math.max(peak, now[i]!))
  }, 200)
  const start = performance.now()
  const outcome = await run()
  const seconds = (performance.now() - start) / 1000
  clearInterval(watch)
  const growth = Math.max(...peaks.map((peak, i) => peak - before[i]!))
  console.log(
    `| ${what} | ${(count / seconds).toFixed(0)} | ${mib(growth)} | ${mib(senderPeak - senderBefore)} | ${outcome} |`,
  )
}

async function readPeople(url: URL): Promise<string> {
  const headers = { authorization: `Bearer ${key}` }
  return await lastLine(await fetch(new URL('/admin/export', url), { headers }))
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}

if (import.meta.main) runCommand(command)
