/** A face's own measure, in which all that is drawn on it is given: distances between the eyes, from the point between them, right and down. Pure. */
import type { Landmarks } from '../../../src/face/landmarks.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../../src/image/similarity.ts'
import { paint } from './change-pixels.ts'
import type { Cloth } from './cloth.ts'

export interface Measured {
  /** From pixels of the photo. */
  toFace(at: Point): Point
  /** The landmarks. */
  readonly points: Point[]
}

export function measureOf(landmarks: Landmarks): Measured {
  const [right, left] = [meanOf(landmarks.slice(36, 42)), meanOf(landmarks.slice(42, 48))]
  const [cx, cy] = meanOf([right, left])
  const apart = Math.hypot(left[0] - right[0], left[1] - right[1])
  const [cos, sin] = [(left[0] - right[0]) / apart, (left[1] - right[1]) / apart]
  const toFace = ([x, y]: Point): Point => [
    ((x - cx) * cos + (y - cy) * sin) / apart,
    ((y - cy) * cos - (x - cx) * sin) / apart,
  ]
  return { toFace, points: landmarks.map(toFace) }
}

/** Lays what is given in the face's measure over all of the photo. */
export function layOnFace(
  image: RgbImage,
  landmarks: Landmarks,
  layer: (measured: Measured) => Cloth,
): RgbImage {
  const measured = measureOf(landmarks)
  const cloth = layer(measured)
  return paint(image, (at) => cloth(...measured.toFace(at)))
}

/** Where a point lies once all is turned back by an angle, in radians, about the middle. */
export function turned([cx, cy]: Point, angle: number): (point: Point) => Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return ([x, y]) => [(x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin]
}
