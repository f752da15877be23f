/** npm run bench:packed: the packed index at its limit, on made-up people. */
import { declare } from '../scripts/front/command.ts'
import { number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { galleryKernelFile } from '../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../scripts/setup/node-engine.ts'
import { findIdentification } from '../src/decision/calibration.ts'
import { readCalibrationTable } from '../src/decision/calibration-table.ts'
import { farthestOfInterest } from '../src/decision/decide-among.ts'
import { buildPacked, rowsASegment } from '../src/gallery/packed/build-packed.ts'
import { createPackedGallery } from '../src/gallery/packed/packed-gallery.ts'
import { createPackedStore } from '../src/gallery/packed/packed-store.ts'
import { segmentName } from '../src/gallery/packed/sweep-segments.ts'
import { createTemplateMatrix } from '../src/gallery/search/template-matrix.ts'
import { collectGarbage } from './measure/collect-garbage.ts'
import { machine } from './measure/machine.ts'
import { percentile } from './measure/percentile.ts'
import { cohortMetric, exactSearch } from './people/exact-search.ts'
import { createMemoryKv } from './people/memory-kv.ts'
import { createLog, createRecords, identityOf, sealEntries, vault } from './people/sealed-people.ts'
import { encodingLength, syntheticFaces } from './people/synthetic-faces.ts'

const calibrations = readCalibrationTable()
const { model } = calibrations.calibrations[0]!
const faces = syntheticFaces(1)

export const command = declare({
  name: 'bench:packed',
  summary: 'Measures the packed index at its limit, on made-up people.',
  about:
    'One encoding each, with real encryption and a KV in memory: what a build costs, what an isolate holds and takes to load it, what a ' +
    'warm search costs with its records opened and parsed but without the network’s latency, and how often the best candidate is the one ' +
    'that comparing with every record in float32 gives. The probes are other photos of enrolled people. Leave the machine alone meanwhile.',
  options: {
    people: number('N', 'who are enrolled', wholeFrom(1), 200_000),
    probes: number('N', 'that are searched for', wholeFrom(1), 1000),
    runs: number('N', 'of each search that is timed', wholeFrom(1), 200),
  },
  examples: ['', '--people 10000'],
  async run({ people: peopleCount, probes: probeCount, runs }) {
    console.log(machine())
    console.log(`| ${peopleCount} people | |\n|---|---|`)

    const entries = await sealEntries(faces, model, peopleCount)
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
    tell('build, a person', `${((buildTook * 1000) / peopleCount).toFixed(1)} us`)

    const records = createRecords(faces, model)
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
    collectGarbage()
    const before = process.memoryUsage()
    const gallery = createPackedGallery({ packed: watched, log, store: records, kernel })
    const loadStart = performance.now()
    const view = await gallery.open({ model, encodingLength })
    tell('load', milliseconds(performance.now() - loadStart))
    collectGarbage()
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

    const probes = Array.from({ length: probeCount }, (_, i) => {
      const person = (i * 7919) % peopleCount
      return { person, probe: faces.photo(person, 1) }
    })
    const threshold = findIdentification(calibrations, model, { people: peopleCount, fmr: 0.01 })
    for (const metric of [{ kind: 'l2' } as const, cohortMetric(faces)]) {
      const exact = exactSearch(faces, metric, peopleCount)
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
      const share = (count: number): string => `${((100 * count) / probeCount).toFixed(2)} %`
      tell(`${metric.kind}: best candidate as in float32`, share(agreed))
      tell(`${metric.kind}: best candidate is the person`, share(found))
      tell(
        `${metric.kind}: records read a search`,
        ((records.read - readBefore) / probeCount).toFixed(1),
      )
    }

    for (const [what, options] of [
      ['as /recognize does it', { limit: 5, maxDistance: farthestOfInterest(threshold) }],
      ['with 100 records read', { limit: 5, maxDistance: 2 }],
    ] as const) {
      const times: number[] = []
      for (let run = 0; run < runs * 2; run++) {
        const { probe } = probes[run % runs]!
        const start = performance.now()
        const opened = await gallery.open({ model, encodingLength })
        await opened.search(probe, { ...options, metric: threshold.metric })
        // The first round seals the records that the second one only opens.
        if (run >= runs) times.push(performance.now() - start)
      }
      const at = (share: number): string => milliseconds(percentile(times, share))
      tell(`warm search, ${what}, p50 and p95`, `${at(0.5)}, ${at(0.95)}`)
    }
    return 0
  },
})

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
const tell = (what: string, figure: string): void => console.log(`| ${what} | ${figure} |`)

if (import.meta.main) runCommand(command)
