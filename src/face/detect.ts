/** One look at a photo -> the faces in it, each with a box, a score, and where eyes, nose, mouth and ears are. */

import { brighten } from '../image/brighten.ts'
import { takeColourAway } from '../image/coloured-light.ts'
import { releasePixels } from '../image/release-image.ts'
import { applySimilarity, type Point, type Similarity, scaleOf } from '../image/similarity.ts'
import type { QuarterTurn } from '../image/turn.ts'
import { warp } from '../image/warp.ts'
import { mapTuple } from '../lib/map-tuple.ts'
import type { Network } from '../network/load.ts'
import { runOnSquares } from '../network/run.ts'
import type { Look } from './looks.ts'
import { cellPixels, numbersPerCell } from './networks/blazeface-full-range.ts'
import type { Overview } from './overview.ts'

/** Pixels; x, y is the top left corner. */
export interface FaceBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Right eye and left eye of the person, tip of the nose, mouth, right ear and left ear. */
export type FacePoints = readonly [Point, Point, Point, Point, Point, Point]

export interface FoundFace {
  /** Square, in pixels of the photo as it stands. */
  readonly box: FaceBox
  /** 0..1 */
  readonly score: number
  /** In pixels of the photo as it stands. */
  readonly points: FacePoints
}

/** Boxes that overlap more than this are one face: intersection over union, as MediaPipe has it. */
const maxOverlap = 0.3
/** So are two if this share of the smaller lies within the larger. */
const maxWithin = 0.6

/**
 * A look in which no colour of a pixel differs by more from the mean of the two so far to its sides, or above and below, shows no face: a wall,
 * the sky, a gradient, or what is out of focus. Of 96 seeded scenes with one person and 442 faces in groups it lost none.
 */
const plain = { reach: 3, curve: 6 } as const

/** Every face whose score reaches `minScore`, best first, in pixels of the photo. */
export function detectFaces(
  detector: Network,
  { image, factor, gain, isGrey }: Overview,
  look: Look,
  minScore: number,
): FoundFace[] {
  const { width, height } = look
  const pixels = warp(image, within(look.place, factor), width, height)
  if (isGrey) takeColourAway(pixels)
  if (gain !== undefined) brighten(pixels, gain)
  const seen = isPlain(pixels, width) ? null : runOnSquares(detector, [pixels], [height, width])
  releasePixels(pixels)
  return seen ? distinctFaces(readCells(seen.values, seen.shape[2]!, look, minScore)) : []
}

function within({ a, b, x0, y0 }: Similarity, factor: number): Similarity {
  return { a: a / factor, b: b / factor, x0: x0 / factor, y0: y0 / factor }
}

/** @param pixels [height, width, 3] */
function isPlain(pixels: Float32Array, width: number): boolean {
  const row = 3 * width
  const [across, down] = [3 * plain.reach, plain.reach * row]
  const most = 2 * plain.curve
  for (let top = down; top < pixels.length - down; top += row) {
    for (let at = top + across; at < top + row - across; at++) {
      const twice = 2 * pixels[at]!
      if (Math.abs(pixels[at - across]! + pixels[at + across]! - twice) > most) return false
      if (Math.abs(pixels[at - down]! + pixels[at + down]! - twice) > most) return false
    }
  }
  return true
}

/** One face for each place, the best one. */
export function distinctFaces(faces: readonly FoundFace[]): FoundFace[] {
  const kept: FoundFace[] = []
  for (const face of faces.toSorted((left, right) => right.score - left.score)) {
    if (kept.every((better) => !isSamePlace(better.box, face.box))) kept.push(face)
  }
  return kept
}

/** Degrees clockwise, -180 to 180, by which the face leans in the photo: from between the eyes to the mouth is down. */
export function leanOf({ points: [right, left, , mouth] }: Pick<FoundFace, 'points'>): number {
  const [x, y] = [(right[0] + left[0]) / 2, (right[1] + left[1]) / 2]
  return (Math.atan2(-(mouth[0] - x), mouth[1] - y) * 180) / Math.PI
}

/** The quarter turn clockwise of the photo after which the face stands upright, give or take half a quarter. */
export function turnOf(face: Pick<FoundFace, 'points'>): QuarterTurn {
  return turns[(4 - Math.round(leanOf(face) / 90)) % 4]!
}

const turns: readonly QuarterTurn[] = [0, 90, 180, 270]

export function centreOf({ x, y, width, height }: FaceBox): Point {
  return [x + width / 2, y + height / 2]
}

/** The box in another picture of the same, which has `scale` pixels for one of this one along each side, and begins elsewhere. */
export function moveBox({ x, y, width, height }: FaceBox, scale: number, dx = 0, dy = 0): FaceBox {
  return { x: x * scale + dx, y: y * scale + dy, width: width * scale, height: height * scale }
}

/** Intersection over union, 0..1. */
export function overlap(left: FaceBox, right: FaceBox): number {
  const shared = sharedArea(left, right)
  return shared / (left.width * left.height + right.width * right.height - shared)
}

export function isSamePlace(left: FaceBox, right: FaceBox): boolean {
  const smaller = Math.min(left.width * left.height, right.width * right.height)
  return overlap(left, right) > maxOverlap || sharedArea(left, right) / smaller > maxWithin
}

function sharedArea(left: FaceBox, right: FaceBox): number {
  const width = Math.min(left.x + left.width, right.x + right.width) - Math.max(left.x, right.x)
  const height = Math.min(left.y + left.height, right.y + right.height) - Math.max(left.y, right.y)
  return width > 0 && height > 0 ? width * height : 0
}

/** What the cells say whose score passes. */
function readCells(
  values: Float32Array,
  columns: number,
  { place }: Look,
  minScore: number,
): FoundFace[] {
  const found: FoundFace[] = []
  const cells = values.length / numbersPerCell
  const leastLogit = Math.log(minScore / (1 - minScore))
  for (let cell = 0; cell < cells; cell++) {
    // NaN passes too, and is refused by the gate: a broken network must not look like a photo without a face.
    if (values[(cell + 1) * numbersPerCell - 1]! < leastLogit) continue
    found.push(readCell(values, cell, columns, place))
  }
  return found
}

/** Where the numbers of each point begin, after those of the box. */
const pointPlaces = [4, 6, 8, 10, 12, 14] as const

/** All in pixels of the look, from the centre of the cell. */
function readCell(
  values: Float32Array,
  cell: number,
  columns: number,
  place: Similarity,
): FoundFace {
  const at = cell * numbersPerCell
  const column = ((cell % columns) + 0.5) * cellPixels
  const row = (Math.floor(cell / columns) + 0.5) * cellPixels
  const pointAt = (i: number): Point =>
    applySimilarity(place, [column + values[at + i]!, row + values[at + i + 1]!])
  const [x, y] = pointAt(0)
  const side = Math.sqrt(Math.max(0, values[at + 2]! * values[at + 3]!)) * scaleOf(place)
  return {
    box: { x: x - side / 2, y: y - side / 2, width: side, height: side },
    score: sigmoid(values[at + numbersPerCell - 1]!),
    points: mapTuple(pointPlaces, pointAt),
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
