/** npm run bench: what the networks and a request cost, everything in one run. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SeededRandom } from '../lab/learning/seeded-random.ts'
import { type BenchFigures, benchFile, describeBench } from '../scripts/docs/describe-bench.ts'
import { declare } from '../scripts/front/command.ts'
import { flag, number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { nodeAssets } from '../scripts/setup/node-engine.ts'
import { setUp } from '../scripts/setup/set-up.ts'
import { packedEncoder } from '../scripts/weights/packed-encoder.ts'
import { dlibResnet } from '../src/encoder/dlib-resnet.ts'
import { encoderNamed, encoders } from '../src/engine/encoders.ts'
import { pipelineNetworks } from '../src/engine/pipeline-model.ts'
import { loadNetwork, readLayers } from '../src/network/load.ts'
import type { NetworkTable } from '../src/network/table.ts'
import { machine } from './measure/machine.ts'
import { measureCeilings } from './networks/ceilings.ts'
import { compareEngines } from './networks/compare-engines.ts'
import { seededLayers } from './networks/seeded-network.ts'
import { timeFused } from './networks/time-fused.ts'
import { timeStages } from './networks/time-stages.ts'
import { timeStart } from './networks/time-start.ts'
import { makeJpeg } from './photos/eve-in-the-middle.ts'
import { measureBundle } from './request/measure-bundle.ts'
import { timeRequests } from './request/time-requests.ts'

export const command = declare({
  name: 'bench',
  summary: 'Measures what the networks and a request cost, everything in one run.',
  about:
    'The machine’s ceilings; every network on our plans, on tfjs’s own operations and on onnxruntime-web; the stages from a photo’s ' +
    'bytes to its encoding; requests inside workerd; a cold start; sizes. Some minutes. Leave the machine alone meanwhile.',
  options: {
    runs: number('N', 'of each', wholeFrom(1), 100),
    write: flag('keep the figures for the pages; then `npm run write-docs`'),
  },
  examples: ['', '--runs 30', '--write'],
  async run({ runs, write }) {
    const keys = await setUp()
    const encoder = await packedEncoder()
    await mkdir(join('build', 'bench'), { recursive: true })
    const numbers = new SeededRandom(1, 'bench')
    const random = (): number => numbers.next()

    const photos = [await makeJpeg(640, 480), await makeJpeg(2048, 1536)] as const
    const ceilings = await measureCeilings()
    const { models, parts } = await timeStart(encoder, async () => photos[0])
    const assets = await nodeAssets()
    // The first network of the encoder; most have one.
    const { table: encoderTable } = models.encoder[0]!.network
    const stock = await loadNetwork(encoderTable, await assets.packedNetwork(encoderTable), 'stock')
    const engine = await timeStages(models, stock, photos[0], runs)
    const networks = []
    for (const table of pipelineNetworks(encoder)) {
      const layers = await readLayers(table, await assets.packedNetwork(table))
      networks.push(await compareEngines(table, layers, sideOf(table), runs, random))
    }
    const measured = new Set(networks.map(({ network }) => network))
    for (const { table } of encoders.flatMap(({ parts }) => (parts.length === 1 ? parts : []))) {
      if (measured.has(table.name)) continue
      const layers = seededLayers(table, random)
      networks.push(await compareEngines(table, layers, sideOf(table), runs, random))
    }
    const fused = await timeFused(encoderNamed('fused'), dlibResnet, runs, random)
    const figures: BenchFigures = {
      machine: machine(),
      date: new Date().toISOString().slice(0, 10),
      runs,
      encoder: models.model,
      ceilings,
      networks,
      fused,
      engine,
      request: await timeRequests(photos, runs, keys),
      start: parts,
      bundle: await measureBundle(encoder),
    }
    console.log(describeBench(figures))
    if (write) {
      await mkdir(dirname(benchFile), { recursive: true })
      await writeFile(benchFile, `${JSON.stringify(figures, null, 2)}\n`)
      console.log(`\nkept in ${benchFile}; "npm run write-docs" brings it into the pages`)
    }
    return 0
  },
})

/** The detector takes any multiple of its size; one look at a photo is 192 pixels wide. */
function sideOf({ input }: NetworkTable): number {
  return input.sizeIs === 'exact' ? input.size : 192
}

if (import.meta.main) runCommand(command)
