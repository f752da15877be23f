/**
 * node --expose-gc bench/packed.ts [--people 200000] [--probes 1000] [--runs 200]
 *
 * The packed index at its limit, on made-up people (synthetic-faces.ts), one encoding each, with real encryption and an own KV in
 * memory: what a build costs, what an isolate holds and takes to load it, what a warm search costs with its records opened and
 * parsed but without the network's latency, and how often the best candidate is the one that comparing with every record
 * in float32 gives. The probes are other photos of enrolled people. Leave the machine alone meanwhile.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { galleryKernelFile } from '../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../scripts/setup/node-engine.ts'
import { findIdentification, readCalibrationTable } from '../src/decision/calibration.ts'
import { farthestOfInterest } from '../src/decision/decide-among.ts'
import { unitVector } from '../src/encoding/direction.ts'
import { type Metric, prepareEncoding } from '../src/encoding/metrics/metric.ts'
import { buildPacked, rowsASegment } from '../src/gallery/packed/build-packed.ts'
import { createPackedGallery } from '../src/gallery/packed/packed-gallery.ts'
import { createPackedStore } from '../src/gallery/packed/packed-store.ts'
import { segmentName } from '../src/gallery/packed/sweep-segments.ts'
import {
  type ChangeLog,
  type GalleryChange,
  openGalleryEntry,
} from '../src/gallery/search/change-log.ts'
import { createTemplateMatrix } from '../src/gallery/search/template-matrix.ts'
import { everywhere } from '../src/identity/directory/log-position.ts'
import { serializeEntry } from '../src/identity/gallery-entry.ts'
import type { IdentityRecord } from '../src/identity/record.ts'
import { openRecord, sealPerson } from '../src/identity/sealed-person.ts'
import type { KnownPerson } from '../src/identity/store.ts'
import { createVault } from '../src/identity/vault.ts'
import { percentile } from './percentile.ts'
import { encodingLength, syntheticFaces } from './synthetic-faces.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '200000' },
    probes: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '200' },
  },
})
const [peopleCount, probeCount, runs] = [values.people, values.probes, values.runs].map(Number)
const pageRows = 1000
const at = '2026-11-24T00:00:00.000Z'
const calibrations = readCalibrationTable()
const { model } = calibrations.calibrations[0]!
const faces = syntheticFaces(1)
const vault = await createVault([{ id: 'bench', bytes: new Uint8Array(32) }])

/** As long as a UUID. */
const identityOf = (person: number): string =>
  `${person}`.padStart(36, '00000000-0000-4000-8000-000000000000')
const keyOf = (identity: string): string => `key of ${identity}`
function recordOf(person: number): IdentityRecord {
  const dates = { createdAt: at, updatedAt: at }
  const encodings = [faces.photo(person, 0)]
  return { identity: identityOf(person), version: 1, model, encodings, ...dates }
}

/** The directory's log, of sealed entries that are opened at each reading as the real one does. */
function createLog(entries: readonly string[]): Pick<ChangeLog, 'page' | 'count'> {
  async function open(person: number): Promise<GalleryChange> {
    const identity = identityOf(person)
    const entry = await openGalleryEntry(vault, keyOf(identity), entries[person]!)
    const sealed = { key: keyOf(identity), sealedEntry: entries[person]! }
    return { identity, version: 1, seq: person + 1, kind: 'enrolled', entry, ...sealed }
  }
  return {
    async page([afterSeq]) {
      const end = Math.min(afterSeq + pageRows, entries.length)
      const rows = Array.from({ length: end - afterSeq }, (_, i) => open(afterSeq + i))
      const changes = await Promise.all(rows)
      const isComplete = end === entries.length
      return { changes, position: everywhere(end), isComplete, last: everywhere(entries.length) }
    },
    count: async () => entries.length,
  }
}

/** What of KV the packed index uses. */
function createMemoryKv(): KVNamespace {
  const stored = new Map<string, string | Uint8Array>()
  const kv = {
    async get(key: string, type: string) {
      const value = stored.get(key) ?? null
      return type === 'arrayBuffer' && value instanceof Uint8Array ? value.slice().buffer : value
    },
    async put(key: string, value: string | Uint8Array) {
      stored.set(key, value)
    },
    async delete(key: string) {
      stored.delete(key)
    },
    async list({ prefix }: { prefix: string }) {
      return {
        keys: [...stored.keys()].filter((k) => k.startsWith(prefix)).map((name) => ({ name })),
      }
    },
  }
  return kv as unknown as KVNamespace
}

/** Records sealed when they are first asked for, and opened at each reading. */
function createRecords() {
  const sealed = new Map<string, string>()
  let read = 0
  async function open({ identity, version }: KnownPerson): Promise<IdentityRecord> {
    read++
    let text = sealed.get(identity)
    if (text === undefined) {
      const person = Number(identity.slice(24))
      text = (await sealPerson(vault, keyOf(identity), recordOf(person))).record
      sealed.set(identity, text)
    }
    return await openRecord(vault, keyOf(identity), text, { identity, version })
  }
  const getMany = async (people: readonly KnownPerson[]) => ({
    records: await Promise.all(people.map(open)),
    unreadable: [],
  })
  return {
    get read() {
      return read
    },
    getMany,
    getCurrent: (identities: readonly string[]) =>
      getMany(identities.map((identity) => ({ identity, version: 1 }))),
  }
}

/** As strong as the fitted one. */
function cohortMetric(): Metric {
  const centres = Array.from({ length: 400 }, (_, k) => unitVector(faces.photo(k * 31, 0)))
  const cohort = {
    centres,
    nearest: 3,
    floor: 0.925,
    weight: 1,
    usualLength: 1.5,
    lengthPower: 0.25,
  }
  return { kind: 'l2-cohort', cohort }
}

/** Compares with everybody, in one block of float32. */
function exactSearch(metric: Metric, count: number): (probe: Float32Array) => number {
  const vectors = new Float32Array(count * encodingLength)
  const scales = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const { vector, scale } = prepareEncoding(metric, faces.photo(i, 0))
    vectors.set(vector, i * encodingLength)
    scales[i] = scale
  }
  return (probe) => {
    const { vector } = prepareEncoding(metric, probe)
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (let i = 0, at = 0; i < count; i++) {
      let apart = 0
      for (let k = 0; k < encodingLength; k++) {
        const difference = vector[k]! - vectors[at++]!
        apart += difference * difference
      }
      apart *= scales[i]! * scales[i]!
      if (apart >= least) continue
      least = apart
      best = i
    }
    return best
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
const tell = (what: string, figure: string): void => console.log(`| ${what} | ${figure} |`)

if (globalThis.gc === undefined) throw new Error('start it with node --expose-gc')
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`)
console.log(`| ${peopleCount} people | |\n|---|---|`)

const entries: string[] = []
for (let person = 0; person < peopleCount!; person++) {
  const identity = identityOf(person)
  entries.push(await vault.seal('gallery', keyOf(identity), serializeEntry(recordOf(person))))
}
const log = createLog(entries)
const packed = createPackedStore(createMemoryKv(), vault)

let calls = 0
const buildStart = performance.now()
for (let isComplete = false; !isComplete; calls++) {
  const options = {
    nowMs: calls * 60_000,
    newName: () => segmentName(0),
    maxRows: rowsASegment(encodingLength),
  }
  isComplete = (await buildPacked(packed, log, options)).isComplete
}
const buildTook = performance.now() - buildStart
const { segments } = (await packed.readManifest())!
tell('build', `${milliseconds(buildTook)} in ${calls} calls, ${segments.length} segments`)
tell('build, a person', `${((buildTook * 1000) / peopleCount!).toFixed(1)} us`)

const records = createRecords()
const kernel = await compileWasm(galleryKernelFile)
let peakRss = 0
const watched = {
  readManifest: packed.readManifest,
  async readSegment(name: string) {
    const stored = await packed.readSegment(name)
    peakRss = Math.max(peakRss, process.memoryUsage().rss)
    return stored
  },
}
globalThis.gc()
const before = process.memoryUsage()
const gallery = createPackedGallery({ packed: watched, log, store: records, kernel })
const loadStart = performance.now()
const view = await gallery.open({ model, encodingLength })
tell('load', milliseconds(performance.now() - loadStart))
globalThis.gc()
const after = process.memoryUsage()
// What the limit of an isolate counts: V8's heap, and buffers and WebAssembly memories outside it.
const heldBytes = (usage: NodeJS.MemoryUsage): number => usage.heapUsed + usage.external
tell('held, as V8 counts after a collection', megabytes(heldBytes(after) - heldBytes(before)))
tell('growth of the process', megabytes(after.rss - before.rss))
tell('growth while it was loaded, at most', megabytes(peakRss - before.rss))
if (view.people !== peopleCount) throw new Error(`${view.people} people were loaded`)

const matrix = createTemplateMatrix(kernel, encodingLength)
for (const { name } of segments) {
  const { segment } = (await packed.readSegment(name))!
  for (const person of segment.people) matrix.put(person.identity, 1, person.template)
}
tell('held, by count', megabytes(matrix.bytes))

const probes = Array.from({ length: probeCount! }, (_, i) => {
  const person = (i * 7919) % peopleCount!
  return { person, probe: faces.photo(person, 1) }
})
const threshold = findIdentification(calibrations, model, { people: peopleCount!, fmr: 0.01 })
for (const metric of [{ kind: 'l2' } as const, cohortMetric()]) {
  const exact = exactSearch(metric, peopleCount!)
  let agreed = 0
  let found = 0
  const readBefore = records.read
  for (const { person, probe } of probes) {
    const options = { limit: 1, maxDistance: 1, metric }
    const { people } = await view.search(probe, options)
    const best = identityOf(exact(probe))
    if (people[0]?.identity === best) agreed++
    if (best === identityOf(person)) found++
  }
  const share = (count: number): string => `${((100 * count) / probeCount!).toFixed(2)} %`
  tell(`${metric.kind}: best candidate as in float32`, share(agreed))
  tell(`${metric.kind}: best candidate is the person`, share(found))
  tell(
    `${metric.kind}: records read a search`,
    ((records.read - readBefore) / probeCount!).toFixed(1),
  )
}

for (const [what, options] of [
  ['as /recognize does it', { limit: 5, maxDistance: farthestOfInterest(threshold) }],
  ['with 100 records read', { limit: 5, maxDistance: 2 }],
] as const) {
  const times: number[] = []
  for (let run = 0; run < runs! * 2; run++) {
    const { probe } = probes[run % runs!]!
    const start = performance.now()
    const opened = await gallery.open({ model, encodingLength })
    await opened.search(probe, { ...options, metric: threshold.metric })
    // The first round seals the records that the second one only opens.
    if (run >= runs!) times.push(performance.now() - start)
  }
  const at = (share: number): string => milliseconds(percentile(times, share))
  tell(`warm search, ${what}, p50 and p95`, `${at(0.5)}, ${at(0.95)}`)
}
