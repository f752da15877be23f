/**
 * node bench/empty-photos.ts [--rounds 7]
 *
 * What a photo without a face costs beside the same photo with one, in processor time of Node: a face is looked for at every place, size and turn
 * before it is said that there is none. JPEGs of several sizes, from a plain wall to leaves. Leave the machine alone meanwhile.
 */
import { parseArgs } from 'node:util'
import { SeededRandom } from '../lab/learning/seeded-random.ts'
import { drawBackground } from '../lab/scenes/draw-background.ts'
import type { Scene } from '../lab/scenes/scene.ts'
import { toTable } from '../scripts/front/markdown-table.ts'
import { nodeAssets } from '../scripts/setup/node-engine.ts'
import { loadModels } from '../src/engine/face-engine.ts'
import { encodePhoto } from '../src/engine/pipeline.ts'
import type { RgbImage } from '../src/image/rgb-image.ts'
import { warp } from '../src/image/warp.ts'
import { makeJpeg } from '../test/support/photos/make-photo.ts'
import { drawImage, sampleImage } from '../test/support/sample-photos.ts'
import { animals, behind, bricks, foliage, grainySky, night, page } from './draw-empty.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } })
const rounds = Number(values.rounds)
const sizes = [
  [640, 480],
  [1280, 960],
  [2048, 1536],
] as const
const models = await loadModels(await nodeAssets())
const ada = await sampleImage('ada')

const drawn = (background: Scene['background']) => (width: number, height: number) =>
  drawBackground({ width, height, background } as Scene, ada, new SeededRandom(1, background))
const seeded = (draw: typeof foliage) => (width: number, height: number) =>
  draw(width, height, new SeededRandom(1, 'empty'))
const backgrounds: readonly (readonly [what: string, draw: (w: number, h: number) => RgbImage])[] =
  [
    ['a wall', (w, h) => drawImage(w, h, () => [150, 140, 130])],
    ['a gradient, as the sky', drawn('gradient')],
    ['noise', drawn('noise')],
    ['pieces of a photo over and over', drawn('textured')],
    ['out of focus', drawn('enlarged')],
    ['what is behind a person', seeded(behind(ada))],
    ['leaves', seeded(foliage)],
    ['bricks', seeded(bricks)],
    ['a page of text', seeded(page)],
    ['a sky with grain', seeded(grainySky)],
    ['a street at night', seeded(night)],
    ['animals, drawn', seeded(animals)],
  ]

/** The photo with a face a third as wide as it is high in the middle, cut out along an oval. */
function withFace(photo: RgbImage): RgbImage {
  const { width, height } = photo
  const side = Math.round(0.7 * height)
  const square = warp(ada, { a: ada.width / side, b: 0, x0: 0, y0: 0 }, side)
  const data = photo.data.slice()
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)]
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (Math.hypot((x / side - 0.5) / 0.42, (y / side - 0.5) / 0.48) > 1) continue
      const from = (y * side + x) * 3
      data.set(square.subarray(from, from + 3), ((y + top) * width + x + left) * 3)
    }
  }
  return { width, height, data }
}

/** Median of the rounds. */
async function costMs(photo: Uint8Array, hasFace: boolean): Promise<number> {
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
  return spent.sort((left, right) => left - right)[rounds >> 1]!
}

const rows: string[][] = []
for (const [width, height] of sizes) {
  for (const [what, draw] of backgrounds) {
    const photo = draw(width, height)
    const without = await costMs(await makeJpeg(photo, { quality: 85 }), false)
    const face = await costMs(await makeJpeg(withFace(photo), { quality: 85 }), true)
    const numbers = [without, face].map((ms) => ms.toFixed(0))
    rows.push([`${width} x ${height}`, what, ...numbers, (without / face).toFixed(1)])
  }
}
console.log(
  toTable([['size', 'background', 'without a face, ms', 'with one, ms', 'ratio'], ...rows]),
)
