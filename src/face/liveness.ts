/**
 * How much a face looks like a live one and how little like a photo of a photo or of a screen: face and surroundings -> a
 * score, the mean of two networks that look at more and at less of the surroundings. Advisory: nothing is claimed about attacks
 * beyond what docs/liveness.md measured.
 */
import { releaseImage } from '../image/release-image.ts'
import { type Rectangle, resize } from '../image/resize.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { turnImage, turnRectangle } from '../image/turn.ts'
import type { Network } from '../network/load.ts'
import { runOnSquares } from '../network/run.ts'
import type { NetworkTable } from '../network/table.ts'
import { type FaceBox, type FoundFace, turnOf } from './detect.ts'
import { miniFasnetV1Se, miniFasnetV2 } from './networks/mini-fasnet.ts'

/** Score from which on a face counts as live: more likely live than anything else. Not calibrated on anything of ours. */
export const usualLiveThreshold = 0.5

interface LivenessPart {
  readonly table: NetworkTable
  /** The network looks at the box that much wider and taller; where the photo ends before that, at as much as there is. */
  readonly boxScale: number
}

/** The networks that score together, and what each looks at. */
export const livenessParts: readonly LivenessPart[] = [
  { table: miniFasnetV2, boxScale: 2.7 },
  { table: miniFasnetV1Se, boxScale: 4 },
]

/** The logit that stands for a live face; the others stand for flat and for shaped imitations. */
const liveLogit = 1

/**
 * 0..1, 1 is live; NaN when a network is broken.
 *
 * @param networks of `livenessParts`, in their order
 */
export function scoreLiveness(
  networks: readonly Network[],
  image: RgbImage,
  face: Pick<FoundFace, 'box' | 'points'>,
): number {
  const turn = turnOf(face)
  // The networks read whole pixels of an upright photo, as their authors do.
  const upright = turnImage(image, turn)
  const box = fromHairToChin(turnRectangle(face.box, image, turn))
  const scores = livenessParts.map(({ boxScale }, i) => {
    const { table } = networks[i]!
    const { size } = table.input
    const square = resize(upright, surroundingsOf(box, upright, boxScale), size)
    const { values } = runOnSquares(networks[i]!, [square], [size, size])
    return softmaxAt(values, liveLogit)
  })
  if (upright !== image) releaseImage(upright)
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/**
 * The networks' own detector draws a face from the hairline to the chin; ours as wide as high, so that they would see other proportions.
 * The shares are medians over LFW, measured against the landmarks.
 */
function fromHairToChin({ x, y, width, height }: FaceBox): FaceBox {
  const [narrower, taller, up] = [0.86, 1.07, 0.054]
  return {
    x: x + ((1 - narrower) / 2) * width,
    y: y - ((taller - 1) / 2 + up) * height,
    width: narrower * width,
    height: taller * height,
  }
}

/** The box scaled about its middle, then moved into the photo; whole pixels, rounded as the networks' authors do. */
export function surroundingsOf(
  box: FaceBox,
  photo: { width: number; height: number },
  boxScale: number,
): Rectangle {
  const [right, bottom] = [photo.width - 1, photo.height - 1]
  const face = {
    x: Math.trunc(box.x),
    y: Math.trunc(box.y),
    width: Math.max(1, Math.trunc(box.width)),
    height: Math.max(1, Math.trunc(box.height)),
  }
  const scale = Math.min(bottom / face.height, right / face.width, boxScale)
  const [x, width] = along(face.x, face.width, scale, right)
  const [y, height] = along(face.y, face.height, scale, bottom)
  return { x, y, width, height }
}

/** First pixel and how many along one side of the photo, whose last pixel is `last`. */
function along(start: number, length: number, scale: number, last: number): [number, number] {
  const scaled = length * scale
  const wanted = start + (length - scaled) / 2
  const first = Math.max(0, Math.min(wanted, last - scaled))
  // Both ends count.
  const end = Math.min(last, Math.trunc(first + scaled))
  return [Math.trunc(first), end - Math.trunc(first) + 1]
}

function softmaxAt(logits: Float32Array, index: number): number {
  const largest = logits.reduce((left, right) => Math.max(left, right))
  const powers = logits.map((logit) => Math.exp(logit - largest))
  return powers[index]! / powers.reduce((sum, power) => sum + power, 0)
}
