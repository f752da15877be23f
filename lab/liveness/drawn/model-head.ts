/**
 * A head made from one photo: the photo laid over the mean head's relief, so that it can be turned as a head turns. It stands in for a
 * live person where there is no recording: same light and same expression in every frame, as in a session. What is behind the edge
 * of the face is stretched, so it serves for turns of up to some 25 degrees. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import type { AskedPose } from '../../../src/liveness/asked-poses.ts'
import { headDepthAt } from '../../../src/liveness/frames/mean-head.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { cameraFor, develop, turnsBetween, wall } from './camera.ts'
import { drawMesh, type Mesh } from './draw-mesh.ts'
import { meshOf, type SourceFace } from './photo-mesh.ts'

/** Vertices along a side. */
const fineness = 90
/** Where the oval of the face ends, and how far behind its middle what lies outside is. */
const oval = { x: 0.98, y: 1.25, softness: 0.35, behind: -0.75 }

/** How one head differs from the mean one: the relief's strength, and slow waves on it. */
export interface HeadShape {
  readonly strength: number
  readonly waves: readonly (readonly [x: number, y: number, phase: number, height: number])[]
}

const meanShape: HeadShape = { strength: 1, waves: [] }

export function drawShape(random: SeededRandom): HeadShape {
  return {
    strength: random.between(0.8, 1.25),
    waves: Array.from({ length: 4 }, () => [
      random.between(-3, 3),
      random.between(-3, 3),
      random.between(0, 2 * Math.PI),
      random.between(0, 0.035),
    ]),
  }
}

/** How a head is turned that does what is asked, as far as one made of one photo can. */
const turnedFor = turnsBetween([16, 30], [14, 26])

/** What the camera sees of that head in one frame. `seed` and `pose` fix it. */
export function drawMadeHead(
  photo: RgbImage,
  face: SourceFace,
  shape: HeadShape,
  seed: number,
  pose: AskedPose,
): RgbImage {
  const random = new SeededRandom(seed, 'made head', pose)
  const canvas = wall(random)
  drawMesh(canvas, photo, headOf(photo, face, shape), cameraFor(turnedFor[pose], random))
  return develop(canvas, random)
}

/** @param shape of this head; the mean one's unless given */
export function headOf(photo: RgbImage, face: SourceFace, shape: HeadShape = meanShape): Mesh {
  return meshOf(photo, face, fineness, (x, y) => [x, y, depthAt(x, y, shape)])
}

function depthAt(x: number, y: number, { strength, waves }: HeadShape): number {
  const out = Math.hypot(x / oval.x, (y + 0.1) / oval.y)
  const inside = Math.max(0, Math.min(1, (1 + oval.softness - out) / oval.softness))
  const wave = waves.reduce(
    (sum, [wx, wy, phase, height]) => sum + height * Math.sin(wx * x + wy * y + phase),
    0,
  )
  return inside * (headDepthAt(x, y) * strength + wave) + (1 - inside) * oval.behind
}
