/** npm run bench:empty-photos: what a photo without a face costs beside the same photo with one. */

import { declare } from '../scripts/front/command.ts'
import { number, wholeFrom } from '../scripts/front/inputs.ts'
import { toTable } from '../scripts/front/markdown-table.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { nodeAssets } from '../scripts/setup/node-engine.ts'
import { loadModels } from '../src/engine/face-engine.ts'
import { encodePhoto } from '../src/engine/pipeline.ts'
import { median } from '../src/lib/median.ts'
import { makeJpeg } from '../test/support/photos/make-photo.ts'
import { sampleImage } from '../test/support/photos/sample-photos.ts'
import { backgroundsFrom, withFace } from './photos/backgrounds.ts'

const sizes = [
  [640, 480],
  [1280, 960],
  [2048, 1536],
] as const
type Models = Awaited<ReturnType<typeof loadModels>>

export const command = declare({
  name: 'bench:empty-photos',
  summary: 'Measures what a photo without a face costs beside the same photo with one.',
  about:
    'In processor time of Node: a face is looked for at every place, size and turn before it is said that there is none. JPEGs of several ' +
    'sizes, from a plain wall to leaves. Leave the machine alone meanwhile.',
  options: { rounds: number('N', 'of each, of which the median counts', wholeFrom(1), 7) },
  examples: ['', '--rounds 3'],
  async run({ rounds }) {
    const models = await loadModels(await nodeAssets())
    const ada = await sampleImage('ada')
    const rows: string[][] = []
    for (const [width, height] of sizes) {
      for (const [what, draw] of backgroundsFrom(ada)) {
        const photo = draw(width, height)
        const without = await costMs(models, await makeJpeg(photo, { quality: 85 }), false, rounds)
        const face = await costMs(
          models,
          await makeJpeg(withFace(photo, ada), { quality: 85 }),
          true,
          rounds,
        )
        const numbers = [without, face].map((ms) => ms.toFixed(0))
        rows.push([`${width} x ${height}`, what, ...numbers, (without / face).toFixed(1)])
      }
    }
    console.log(
      toTable([['size', 'background', 'without a face, ms', 'with one, ms', 'ratio'], ...rows]),
    )
    return 0
  },
})

/** Median of the rounds. */
async function costMs(
  models: Models,
  photo: Uint8Array,
  hasFace: boolean,
  rounds: number,
): Promise<number> {
  const look = () =>
    encodePhoto(models, photo, { purpose: 'probe' }).then(
      () => true,
      () => false,
    )
  if ((await look()) !== hasFace) throw new Error(`expected ${hasFace ? 'a' : 'no'} face`)
  const spent: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    await look()
    const { user, system } = process.cpuUsage(before)
    spent.push((user + system) / 1000)
  }
  return median(spent)
}

if (import.meta.main) runCommand(command)
