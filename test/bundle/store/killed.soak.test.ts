/** Nothing acknowledged is lost: workerd is killed in the middle of 200 changes, started again over the same store, and exported. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodingToText } from '../../../src/encoding/encoding-text.ts'
import { type Place, type Places, startPlaces } from '../../support/places/places.ts'
import { randomNumbers } from '../../support/random.ts'
import { bundleKeys } from '../../support/running/real-bundle.ts'
import { buildBundle } from '../../support/running/run-wrangler.ts'

const changes = 200
const atOnce = 10
/** Acknowledged changes after which it is killed. */
const killAfter = 80

let folder: string
let store: string
let outdir: string
let places: Places | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-killed-'))
  outdir = join(folder, 'out')
  store = join(folder, 'store')
  expect(await buildBundle(outdir)).toMatchObject({ status: 0 })
})
afterAll(async () => {
  await places?.stop()
  await rm(folder, { recursive: true })
})

/** Those that this process started, itself or by others, and only those. */
async function ownWorkerds(): Promise<number[]> {
  const parents = new Map<number, { parent: number; name: string }>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')
    const [, name, parent] = /^\d+ \((.+)\) \S (\d+) /.exec(stat) ?? []
    if (name !== undefined) parents.set(Number(entry), { parent: Number(parent), name })
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent
    return parent !== undefined && (parent === process.pid || isOurs(parent))
  }
  return [...parents].flatMap(([pid, { name }]) => (name === 'workerd' && isOurs(pid) ? pid : []))
}

function imported({ url }: Place, model: string, person: number): Promise<Response> {
  const encoding = randomNumbers(128, person + 1)
  const length = Math.hypot(...encoding)
  const line = {
    identity: `p${person}`,
    name: `Person ${person}`,
    model,
    encodings: [encodingToText(encoding.map((value) => (1.43 * value) / length))],
  }
  return fetch(new URL('/admin/import?allowDuplicate=true', url), {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${bundleKeys.admin}`,
      'Content-Type': 'application/x-ndjson',
    },
    body: `${JSON.stringify(line)}\n`,
  })
}

describe('workerd that is killed in the middle of 200 changes', () => {
  it('has lost nothing that it acknowledged, and holds nothing that was not sent', async () => {
    places = await startPlaces(outdir, store)
    const { near } = places
    const { model } = await (await near.admin.get('/health')).json<{ model: string }>()
    const acknowledged = new Set<string>()
    const sent = new Set<string>()
    let next = 0
    let isKilled = false

    async function sendOn(): Promise<void> {
      while (next < changes && !isKilled) {
        const person = next++
        sent.add(`p${person}`)
        // Whatever breaks off with it was not acknowledged.
        const text = await imported(near, model, person)
          .then((response) => response.text())
          .catch(() => '')
        if (text.includes('"outcome":"created"')) acknowledged.add(`p${person}`)
        if (acknowledged.size >= killAfter && !isKilled) {
          isKilled = true
          for (const pid of await ownWorkerds()) process.kill(pid, 'SIGKILL')
        }
      }
    }
    await Promise.all(Array.from({ length: atOnce }, sendOn))
    expect(isKilled).toBe(true)
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAfter)
    expect(acknowledged.size).toBeLessThan(changes)
    await Promise.race([places.stop(), new Promise((resolve) => setTimeout(resolve, 10_000))])

    places = await startPlaces(outdir, store)
    const exported = await (await places.near.admin.get('/admin/export')).text()
    const found = exported
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { identity?: string; name?: string })
      .flatMap(({ identity, name }) => (identity === undefined ? [] : [{ identity, name }]))
    const identities = new Set(found.map(({ identity }) => identity))
    console.log(
      JSON.stringify({ sent: sent.size, acknowledged: acknowledged.size, found: identities.size }),
    )
    expect([...acknowledged].filter((identity) => !identities.has(identity))).toEqual([])
    expect([...identities].filter((identity) => !sent.has(identity))).toEqual([])
    // At most what was on its way when it was killed.
    expect(identities.size - acknowledged.size).toBeLessThanOrEqual(atOnce)
    for (const { identity, name } of found) expect(name).toBe(`Person ${identity.slice(1)}`)
    for (const identity of identities) {
      expect((await places.near.admin.get(`/admin/identities/${identity}`)).status).toBe(200)
    }
  }, 300_000)
})
