/**
 * A photo, or a part of it, at one scale: what a face is looked at in. The networks work in pixels of the view, and whoever asked gets
 * pixels of the photo. Pure.
 */

import { type FaceBox, type FoundFace, moveBox } from '../../face/detect.ts'
import type { Landmarks } from '../../face/landmarks.ts'
import type { RgbImage } from '../../image/rgb-image.ts'
import type { Point } from '../../image/similarity.ts'
import { mapTuple } from '../../lib/map-tuple.ts'

/** Where pixels of the view lie in the photo. */
export interface Place {
  /** Of its top left corner, in pixels of the photo. */
  readonly x: number
  readonly y: number
  /** Pixels of the photo for one of the view, along each side. */
  readonly scale: number
}

export interface View extends Place {
  readonly image: RgbImage
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** @param view of the whole photo */
export function sizeInPhoto({ image, scale }: View): Size {
  return { width: image.width * scale, height: image.height * scale }
}

export function faceInPhoto(face: FoundFace, { x, y, scale }: Place): FoundFace {
  return moveFace(face, scale, x, y)
}

export function faceInView(face: FoundFace, { x, y, scale }: Place): FoundFace {
  return moveFace(face, 1 / scale, -x / scale, -y / scale)
}

export function boxInView(box: FaceBox, { x, y, scale }: Place): FaceBox {
  return moveBox(box, 1 / scale, -x / scale, -y / scale)
}

export function landmarksInPhoto(landmarks: Landmarks, { x, y, scale }: Place): Landmarks {
  return landmarks.map((point) => movePoint(point, scale, x, y))
}

function moveFace(face: FoundFace, scale: number, dx: number, dy: number): FoundFace {
  const box = moveBox(face.box, scale, dx, dy)
  const points = mapTuple(face.points, (point) => movePoint(point, scale, dx, dy))
  return { ...face, box, points }
}

function movePoint([x, y]: Point, scale: number, dx: number, dy: number): Point {
  return [x * scale + dx, y * scale + dy]
}
