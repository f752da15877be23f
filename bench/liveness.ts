/** npm run bench:liveness: what scoring liveness adds to a request. */
import { SeededRandom } from '../lab/learning/seeded-random.ts'
import { declare } from '../scripts/front/command.ts'
import { number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { nodeAssets } from '../scripts/setup/node-engine.ts'
import { encodeChip } from '../src/encoder/encode.ts'
import { loadModels } from '../src/engine/face-engine.ts'
import { livenessParts, scoreLiveness } from '../src/face/liveness.ts'
import { machine } from './measure/machine.ts'
import { percentile } from './measure/percentile.ts'
import { seededNetwork } from './networks/seeded-network.ts'

const warmUpRuns = 20

export const command = declare({
  name: 'bench:liveness',
  summary: 'Measures what scoring liveness adds to a request.',
  about:
    'Cutting the pictures and running both networks, by turns with the encoder that is packed. The liveness networks run on seeded ' +
    'weights, so that they need not be packed. Leave the machine alone meanwhile.',
  options: { runs: number('N', 'of each', wholeFrom(1), 200) },
  examples: ['', '--runs 50'],
  async run({ runs }) {
    const { encoder: parts } = await loadModels({ ...(await nodeAssets()), hasLiveness: false })
    const encoder = parts[0]!.network
    const numbers = new SeededRandom(1, 'liveness')
    const random = (): number => numbers.next()
    const networks = livenessParts.map(({ table }) => seededNetwork(table, random))
    const { size } = encoder.table.input
    const chip = Float32Array.from({ length: size * size * 3 }, () => random() * 255)
    const [width, height] = [640, 480]
    const photo = {
      width,
      height,
      data: Uint8Array.from({ length: width * height * 3 }, () => random() * 256),
    }
    /** Upright: eyes above the mouth. */
    const face = {
      box: { x: 240, y: 140, width: 160, height: 190 },
      points: [
        [290, 200],
        [350, 200],
        [320, 240],
        [320, 280],
        [250, 210],
        [390, 210],
      ],
    } as const
    const encoderMs: number[] = []
    const livenessMs: number[] = []
    for (let run = 0; run < warmUpRuns + runs; run++) {
      const start = performance.now()
      encodeChip(encoder, chip)
      const between = performance.now()
      scoreLiveness(networks, photo, face)
      const end = performance.now()
      if (run < warmUpRuns) continue
      encoderMs.push(between - start)
      livenessMs.push(end - between)
    }
    const ratios = livenessMs.map((ms, i) => ms / encoderMs[i]!)
    console.log(
      [
        `${machine()}, ${runs} runs`,
        '| what | p50 ms | p95 ms |\n|---|---|---|',
        `| liveness: pictures and networks | ${quantile(livenessMs, 0.5)} | ${quantile(livenessMs, 0.95)} |`,
        `| encoder ${encoder.model} | ${quantile(encoderMs, 0.5)} | ${quantile(encoderMs, 0.95)} |`,
        `| ratio, median of neighbours | ${quantile(ratios, 0.5)} | |`,
      ].join('\n'),
    )
    return 0
  },
})

function quantile(samples: readonly number[], at: number): string {
  return percentile(samples, at).toFixed(2)
}

if (import.meta.main) runCommand(command)
