/**
 * Photo -> faces: the tiny face detector at several input sizes until one finds something. Small inputs see large
 * faces, large inputs see small ones, and a face that fills the photo is only seen with a border around it.
 */
import type { RgbImage } from '../image/rgb-image.ts'
import { type Similarity, warp } from '../image/warp.ts'
import type { Network } from '../network/load.ts'
import { toNetworkInput } from '../network/picture.ts'
import { runNetwork } from '../network/run.ts'
import { anchors, cellPixels, tinyFaceDetector } from './networks/tiny-face-detector.ts'

/** Pixels; x, y is the top left corner. */
export interface FaceBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface FoundFace {
  readonly box: FaceBox
  /** 0..1 */
  readonly score: number
}

/**
 * One look at the photo: side of the network's input in pixels, border around the photo as a share of its longer side,
 * and into how many overlapping tiles a side it is cut. Tiles see small faces at the memory of a single small input.
 */
interface Look {
  readonly size: number
  readonly border: number
  readonly tiles: number
  /** Score 0..1 that a face must reach. */
  readonly minScore: number
}

/**
 * In the order in which they are tried; the first that finds a face decides. Measured on crops and canvases made of 164
 * photos: the first look finds faces of 0.4 to 1.2 times the photo's side, the second of 0.25 to 0.4, the others down to
 * 0.16. Larger inputs of the whole photo are slower, take more memory and find fewer.
 */
const looks: readonly Look[] = [
  { size: 160, border: 0.3, tiles: 1, minScore: 0.5 },
  { size: 224, border: 0, tiles: 1, minScore: 0.5 },
  { size: 224, border: 0, tiles: 2, minScore: 0.5 },
  { size: 224, border: 0, tiles: 3, minScore: 0.5 },
]

/** For photos where no look at any turn found a face: the first one again, less strict. */
const lastLook: Look = { size: 160, border: 0.3, tiles: 1, minScore: 0.3 }

/** Boxes that overlap more than this are one face (face-api.js, tinyYolov2/const.ts). */
const maxOverlap = 0.4
/** Share of a tile that it has in common with its neighbour, so that no face is only seen cut in two. */
const tileOverlap = 0.4

/** Faces in the photo as it stands, best score first. */
export function detectFaces(detector: Network, image: RgbImage): FoundFace[] {
  for (const look of looks) {
    const faces = lookForFaces(detector, image, look)
    if (faces.length > 0) return faces
  }
  return []
}

/** Faces that are hard to make out; only worth asking for when detectFaces found none. */
export function detectFaintFaces(detector: Network, image: RgbImage): FoundFace[] {
  return lookForFaces(detector, image, lastLook)
}

function lookForFaces(
  detector: Network,
  image: RgbImage,
  { size, border, tiles, minScore }: Look,
): FoundFace[] {
  const longer = Math.max(image.width, image.height)
  const span = longer * (1 + 2 * border)
  const tileSpan = span / (tiles - (tiles - 1) * tileOverlap)
  const scale = tileSpan / size
  const found: FoundFace[] = []
  for (let row = 0; row < tiles; row++) {
    for (let column = 0; column < tiles; column++) {
      const x0 = column * tileSpan * (1 - tileOverlap) - border * longer
      const y0 = row * tileSpan * (1 - tileOverlap) - border * longer
      if (x0 >= image.width || y0 >= image.height) continue
      const placed: Similarity = { a: scale, b: 0, x0, y0 }
      found.push(...detectInSquare(detector, warp(image, placed, size), size, minScore, placed))
    }
  }
  return suppress(found.sort((left, right) => right.score - left.score))
}

/**
 * Every box in one square whose score passes, overlapping ones included.
 *
 * @param square [size, size, 3], values 0..255
 * @param placed where the square lies in the photo
 */
export function detectInSquare(
  detector: Network,
  square: Float32Array,
  size: number,
  minScore: number,
  placed: Similarity,
): FoundFace[] {
  const input = toNetworkInput(tinyFaceDetector, [square])
  const { values, shape } = runNetwork(detector, input, [1, size, size])
  return readCells(values, shape[1]!, minScore, placed)
}

/** Boxes of the cells whose score passes: YOLO v2's decoding. */
function readCells(
  values: Float32Array,
  cells: number,
  minScore: number,
  { a: scale, x0, y0 }: Similarity,
): FoundFace[] {
  const found: FoundFace[] = []
  const toPixels = (inCells: number): number => inCells * cellPixels * scale
  let at = 0
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      for (const [anchorWidth, anchorHeight] of anchors) {
        const score = sigmoid(values[at + 4]!)
        if (score >= minScore) {
          const width = toPixels(Math.exp(values[at + 2]!) * anchorWidth)
          const height = toPixels(Math.exp(values[at + 3]!) * anchorHeight)
          const x = x0 + toPixels(column + sigmoid(values[at]!)) - width / 2
          const y = y0 + toPixels(row + sigmoid(values[at + 1]!)) - height / 2
          found.push({ box: { x, y, width, height }, score })
        }
        at += 5
      }
    }
  }
  return found
}

/** Greedy non-maximum suppression. */
function suppress(faces: readonly FoundFace[]): FoundFace[] {
  const kept: FoundFace[] = []
  for (const face of faces) {
    if (kept.every((better) => overlap(better.box, face.box) <= maxOverlap)) kept.push(face)
  }
  return kept
}

/** Intersection over union, 0..1. */
export function overlap(left: FaceBox, right: FaceBox): number {
  const width = Math.min(left.x + left.width, right.x + right.width) - Math.max(left.x, right.x)
  const height = Math.min(left.y + left.height, right.y + right.height) - Math.max(left.y, right.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (left.width * left.height + right.width * right.height - shared)
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
