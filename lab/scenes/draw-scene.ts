/** A scene -> its picture: the background, the people on it with soft edges, what went wrong when it was taken, and the turn. */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { turnImage } from '../../src/image/turn.ts'
import { warp } from '../../src/image/warp.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { drawBackground } from './draw-background.ts'
import type { PlacedFace, Scene } from './scene.ts'
import { spoil } from './spoil.ts'

/** Of the photo of a person, so much is pasted: widths of the face. */
const shown = 1.9
/** Share of that which fades into the background. */
const soft = 0.12
/** Square of the distance from the middle within which nothing fades, and a little less. */
const solid = (0.5 - 0.5 * soft) ** 2 - 1e-4

/** @param photoOf the source photo of a person, and another one's for the background */
export function drawScene(
  scene: Scene,
  photoOf: (person: PlacedFace) => RgbImage,
  backdrop: RgbImage,
): RgbImage {
  const random = new SeededRandom(scene.seed, 'picture')
  const canvas = drawBackground(scene, backdrop, random)
  for (const person of scene.people) paste(canvas, photoOf(person), person)
  return turnImage(spoil(canvas, scene.fault, random), scene.turn)
}

function paste(
  canvas: RgbImage,
  photo: RgbImage,
  { source: { face }, x, y, side, tilt }: PlacedFace,
): void {
  const scale = side / (face.side * photo.width)
  const patch = Math.ceil(side * shown)
  const angle = (-tilt * Math.PI) / 180
  const [a, b] = [Math.cos(angle) / scale, Math.sin(angle) / scale]
  const [cx, cy] = [face.x * photo.width, face.y * photo.height]
  const place = { a, b, x0: cx - ((a - b) * patch) / 2, y0: cy - ((a + b) * patch) / 2 }
  const pixels = warp(photo, place, patch)
  const [left, top] = [Math.round(x - patch / 2), Math.round(y - patch / 2)]
  for (let v = Math.max(0, -top); v < patch && top + v < canvas.height; v++) {
    for (let u = Math.max(0, -left); u < patch && left + u < canvas.width; u++) {
      const opacity = opacityAt(u / patch, v / patch, place, photo, patch)
      if (opacity <= 0) continue
      const from = (v * patch + u) * 3
      const to = ((top + v) * canvas.width + left + u) * 3
      for (let c = 0; c < 3; c++) {
        const under = canvas.data[to + c]!
        canvas.data[to + c] = Math.round(under + (pixels[from + c]! - under) * opacity)
      }
    }
  }
}

/** 1 inside an oval, 0 outside of it and of the photo, and in between at their edges. */
function opacityAt(
  u: number,
  v: number,
  { a, b, x0, y0 }: { a: number; b: number; x0: number; y0: number },
  photo: RgbImage,
  patch: number,
): number {
  const squared = (u - 0.5) ** 2 + (v - 0.5) ** 2
  if (squared > 0.2501) return 0
  // Most of it lies well inside, where the root need not be drawn.
  const oval = squared < solid ? 1 : (0.5 - Math.hypot(u - 0.5, v - 0.5)) / (0.5 * soft)
  const [px, py] = [u * patch, v * patch]
  const x = a * px - b * py + x0
  const y = b * px + a * py + y0
  const inside = Math.min(x, y, photo.width - 1 - x, photo.height - 1 - y) / (photo.width * 0.03)
  return Math.max(0, Math.min(1, oval, inside))
}
