/**
 * How much a face looks like a live one and how little like a photo of a photo or of a screen: face and surroundings -> a
 * score. Advisory: nothing is claimed about attacks beyond what docs/liveness.md measured.
 */
import { releaseImage } from '../image/release-image.ts'
import { type Rectangle, resize } from '../image/resize.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { turnImage, turnRectangle } from '../image/turn.ts'
import type { Network } from '../network/load.ts'
import { toNetworkInput } from '../network/picture.ts'
import { runNetwork } from '../network/run.ts'
import { type FaceBox, type FoundFace, turnOf } from './detect.ts'
import { miniFasnetSe } from './networks/mini-fasnet-se.ts'

/** Score from which on a face counts as live: what the network's authors use, not calibrated on anything of ours. */
export const authorsLiveThreshold = 0.3

/** The network looks at the box that much wider and taller; where the photo ends before that, at as much as there is. */
const boxScale = 2.7
/** The logit that stands for a live face; the others stand for flat and for shaped imitations. */
const liveLogit = 0

/** 0..1, 1 is live; NaN when the network is broken. */
export function scoreLiveness(
  network: Network,
  image: RgbImage,
  face: Pick<FoundFace, 'box' | 'points'>,
): number {
  const { size } = miniFasnetSe.input
  const turn = turnOf(face)
  // The network reads whole pixels of an upright photo, as its authors do.
  const upright = turnImage(image, turn)
  const box = turnRectangle(face.box, image, turn)
  const square = resize(upright, surroundingsOf(box, upright), size)
  if (upright !== image) releaseImage(upright)
  const { values } = runNetwork(network, toNetworkInput(network.table, [square]), [1, size, size])
  return softmaxAt(values, liveLogit)
}

/** The box scaled about its middle, then moved into the photo; whole pixels, rounded as the network's authors do. */
export function surroundingsOf(box: FaceBox, photo: { width: number; height: number }): Rectangle {
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

/** Start and length along one side of the photo, whose last pixel is `last`. */
function along(start: number, length: number, scale: number, last: number): [number, number] {
  const scaled = length * scale
  const wanted = start + (length - scaled) / 2
  const moved = Math.max(0, Math.min(wanted, last - scaled))
  return [Math.trunc(moved), Math.max(1, Math.trunc(scaled))]
}

function softmaxAt(logits: Float32Array, index: number): number {
  const largest = logits.reduce((left, right) => Math.max(left, right))
  const powers = logits.map((logit) => Math.exp(logit - largest))
  return powers[index]! / powers.reduce((sum, power) => sum + power, 0)
}
