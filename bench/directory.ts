/**
 * node bench/directory.ts [--people 200000] [--imported 2000]
 *
 * The directory with many people, over HTTP with the real bundle: people imported with made-up encodings, pages of the list, a walk over
 * some of them and an export of those imported, first with these alone and then with so many others in the parts of the directory as
 * make up `--people`. The others are rows of the directory without records, because locally workerd opens an SQLite file for each
 * person, which would take hours. Printed are medians, and how many times as long everything takes with the others there.
 */
import { parseArgs } from 'node:util'
import { createTestHarness } from 'wrangler'
import { drawReceiptKey } from '../scripts/setup/draw-receipt-key.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { projectRoot } from '../scripts/weights/networks.ts'
import { packedModel } from '../scripts/weights/packed-model.ts'
import type { DirectoryObject } from '../src/identity/directory/directory-object.ts'
import { partNames, partOf } from '../src/identity/directory/directory-parts.ts'
import { percentile } from './percentile.ts'
import { lastLine, sendPeople } from './send-people.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '200000' },
    imported: { type: 'string', default: '2000' },
  },
})
const [people, imported] = [Number(values.people), Number(values.imported)]
const key = 'bench-admin-key'
const headers = { authorization: `Bearer ${key}` }
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
        RECEIPT_KEYS: drawReceiptKey(),
      },
    },
  ],
})
const { url } = await server.listen()
await (await fetch(new URL('/health', url))).text()
console.error(await sendPeople({ url, key }, imported, model))
const alone = await measure()
await addOthers(people - imported)
const among = await measure()
await server.close()
console.log(`| what | ${imported} people, ms | ${people} people, ms | ratio |`)
console.log('| --- | --- | --- | --- |')
for (const [what, ms] of Object.entries(alone)) {
  const then = among[what]!
  console.log(`| ${what} | ${ms.toFixed(1)} | ${then.toFixed(1)} | ${(then / ms).toFixed(2)} |`)
}

async function measure(): Promise<Record<string, number>> {
  const middle = `p${String(imported / 2).padStart(7, '0')}`
  return {
    'a change of details': await median(30, (i) =>
      send(`/admin/identities/p${String(i).padStart(7, '0')}`, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Person ${i} ${Math.random()}` }),
      }),
    ),
    'a page of 100, from the middle': await median(30, () =>
      send(`/admin/identities?limit=100&cursor=${middle}`, { headers }),
    ),
    'a page of 1,000': await median(10, () => send('/admin/identities?limit=1000', { headers })),
    'the export of 500': await median(5, () =>
      send('/admin/export?limit=500&cursor=p', { headers }),
    ),
  }
}

async function median(runs: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < runs; i++) {
    const startMs = performance.now()
    await work(i)
    took.push(performance.now() - startMs)
  }
  return percentile(took, 0.5)
}

async function send(path: string, init: RequestInit): Promise<string> {
  const response = await fetch(new URL(path, url), init)
  const end = await lastLine(response)
  if (!response.ok) throw new Error(end)
  return end
}

/** Sorted before and after those imported, dated so that no gallery reads them. */
async function addOthers(count: number): Promise<void> {
  const env = await server
    .getWorker<{ DIRECTORY: DurableObjectNamespace<DirectoryObject> }>()
    .getEnv()
  // Held: the other side gives up what is collected here.
  const { DIRECTORY } = env
  const parts = partNames.map((name) => DIRECTORY.get(DIRECTORY.idFromName(name)))
  const at = '2026-11-28T00:00:00.000Z'
  const listing = { encodings: 1, model, createdAt: at, updatedAt: at }
  const person = { entry: `1.bench.${'e'.repeat(540)}`, listing }
  const atOnce = 400
  for (let first = 0; first < count; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => {
      const number = String(first + i).padStart(7, '0')
      const identity = `${(first + i) % 2 === 0 ? 'a' : 'z'}${number}`
      return parts[partOf(identity)]!.change({
        identity,
        version: 1,
        person,
        isCopied: true,
        nowMs: 1,
      })
    })
    await Promise.all(some)
    if (first % 20_000 === 0) console.error(`${first} others`)
  }
}
