/** What photos without a face show, from a plain wall to leaves, and the same with a face in the middle. */
import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { drawBackground } from '../../lab/scenes/draw-background.ts'
import type { Scene } from '../../lab/scenes/scene.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import { drawImage } from '../../test/support/photos/sample-photos.ts'
import { animals, behind, bricks, foliage, grainySky, night, page } from './draw-empty.ts'

type Background = readonly [what: string, draw: (width: number, height: number) => RgbImage]

/** @param portrait what pieces and surroundings are taken from */
export function backgroundsFrom(portrait: RgbImage): readonly Background[] {
  const drawn = (background: Scene['background']) => (width: number, height: number) =>
    drawBackground(
      { width, height, background } as Scene,
      portrait,
      new SeededRandom(1, background),
    )
  const seeded = (draw: typeof foliage) => (width: number, height: number) =>
    draw(width, height, new SeededRandom(1, 'empty'))
  return [
    ['a wall', (w, h) => drawImage(w, h, () => [150, 140, 130])],
    ['a gradient, as the sky', drawn('gradient')],
    ['noise', drawn('noise')],
    ['pieces of a photo over and over', drawn('textured')],
    ['out of focus', drawn('enlarged')],
    ['what is behind a person', seeded(behind(portrait))],
    ['leaves', seeded(foliage)],
    ['bricks', seeded(bricks)],
    ['a page of text', seeded(page)],
    ['a sky with grain', seeded(grainySky)],
    ['a street at night', seeded(night)],
    ['animals, drawn', seeded(animals)],
  ]
}

/** The photo with a face a third as wide as it is high in the middle, cut out along an oval. */
export function withFace(photo: RgbImage, portrait: RgbImage): RgbImage {
  const { width, height } = photo
  const side = Math.round(0.7 * height)
  const square = warp(portrait, { a: portrait.width / side, b: 0, x0: 0, y0: 0 }, side)
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
