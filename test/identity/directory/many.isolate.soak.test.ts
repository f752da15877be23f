/** The directory with 200,000 people: what a change, a listing and an export of everybody cost in it. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { directoryName } from '../../../src/identity/directory/directory-name.ts'

const people = 200_000
const batch = 10_000
const nowMs = Date.UTC(2026, 10, 28)
const directory = () => env.DIRECTORY.getByName(directoryName)

/** As many characters as a sealed entry of one network with 128 numbers has, and a sealed name. */
const person = {
  entry: `1.k1.${'e'.repeat(540)}`,
  listing: {
    name: `1.k1.${'n'.repeat(60)}`,
    encodings: 3,
    model: 'dlib-resnet@05a894b6',
    createdAt: '2026-11-28T00:00:00.000Z',
    updatedAt: '2026-11-28T00:00:00.000Z',
  },
}
/** Not in their order. */
const identityOf = (i: number) => `person-${((i * 7919) % people).toString().padStart(6, '0')}`

async function timed<T>(work: () => Promise<T>): Promise<[milliseconds: number, result: T]> {
  const startMs = performance.now()
  const result = await work()
  return [performance.now() - startMs, result]
}

it('lists, follows and counts 200,000 people as it does few', async () => {
  const figures: Record<string, string> = {}
  const batchesMs: number[] = []
  for (let start = 0; start < people; start += batch) {
    const [ms] = await timed(() =>
      // In the object itself: what a call costs beside is not the directory's.
      runInDurableObject(directory(), async (object) => {
        for (let i = start; i < start + batch; i++) {
          const change = { identity: identityOf(i), version: 1, person, isCopied: true, nowMs }
          await object.change(change)
        }
      }),
    )
    batchesMs.push(ms)
  }
  figures['a change, of the first 10,000 and of the last'] = [batchesMs[0]!, batchesMs.at(-1)!]
    .map((ms) => `${((ms / batch) * 1000).toFixed(0)} us`)
    .join(', ')
  expect(await directory().count()).toBe(people)

  const [pageMs, page] = await timed(() =>
    directory().people({ prefix: '', after: 'person-150000', limit: 101 }),
  )
  expect(page[0]!.identity).toBe('person-150001')
  expect(page).toHaveLength(101)
  figures['a page of 100'] = `${pageMs.toFixed(1)} ms`

  const [allMs, listed] = await timed(async () => {
    let [after, listed] = ['', 0]
    for (;;) {
      const next = await directory().people({ prefix: '', after, limit: 1000 })
      listed += next.length
      if (next.length < 1000) return listed
      after = next.at(-1)!.identity
    }
  })
  expect(listed).toBe(people)
  figures['everybody, 1,000 a page'] = `${(allMs / 1000).toFixed(1)} s`

  const [tailMs, tail] = await timed(async () => await directory().changesSince(people - 10))
  expect(tail).toMatchObject({ kind: 'changes', isComplete: true, lastSeq: people })
  figures['the last 10 changes'] = `${tailMs.toFixed(1)} ms`

  const bytes = await runInDurableObject(directory(), (_, { storage }) => storage.sql.databaseSize)
  figures['in SQLite'] = `${(bytes / 1e6).toFixed(0)} MB`
  console.log(JSON.stringify(figures, null, 2))
})
