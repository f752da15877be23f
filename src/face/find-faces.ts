/** Faces in a photo however it was held: as it stands first, then at quarter turns. */

import { releaseImage } from '../image/release-image.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { type QuarterTurn, turnImage } from '../image/turn.ts'
import type { Point } from '../image/warp.ts'
import type { Network } from '../network/load.ts'
import { detectFaces, detectFaintFaces, type FaceBox, type FoundFace } from './detect.ts'

export interface FacesInPhoto {
  /** The photo turned so that the faces stand upright; boxes are in its pixels. */
  readonly image: RgbImage
  /** Degrees clockwise by which it was turned. */
  readonly rotation: QuarterTurn
  /** Best score first, empty when no turn showed one. */
  readonly faces: readonly FoundFace[]
}

const turns: readonly QuarterTurn[] = [0, 90, 270, 180]

export function findFaces(detector: Network, photo: RgbImage): FacesInPhoto {
  for (const rotation of turns) {
    const image = turnImage(photo, rotation)
    const faces = detectFaces(detector, image)
    if (faces.length > 0) return { image, rotation, faces }
    if (image !== photo) releaseImage(image)
  }
  return { image: photo, rotation: 0, faces: detectFaintFaces(detector, photo) }
}

/** A point of the turned photo in pixels of the photo before it was turned. */
export function unturnPoint([x, y]: Point, { image, rotation }: FacesInPhoto): Point {
  switch (rotation) {
    case 0:
      return [x, y]
    case 90:
      return [y, image.width - x]
    case 180:
      return [image.width - x, image.height - y]
    case 270:
      return [image.height - y, x]
  }
}

/** The same for a box. */
export function unturnBox(box: FaceBox, found: FacesInPhoto): FaceBox {
  const [ax, ay] = unturnPoint([box.x, box.y], found)
  const [bx, by] = unturnPoint([box.x + box.width, box.y + box.height], found)
  return {
    x: Math.min(ax, bx),
    y: Math.min(ay, by),
    width: Math.abs(ax - bx),
    height: Math.abs(ay - by),
  }
}
