/**
 * Sees a small face in a large photo at the photo's own resolution: the whole photo is decoded reduced, and the surroundings of the face
 * once more, finer.
 */
import { centreOf, type FoundFace } from '../../face/detect.ts'
import type { DecodedPhoto } from '../../image/decode/decode.ts'
import type { Shrink } from '../../image/decode/format-header.ts'
import type { Rectangle } from '../../image/resize.ts'
import type { View } from './view.ts'

/** Width in pixels below which a face is looked at more closely, and that it then has if the photo has them. */
const enough = 112
const wanted = 160

/** Side of what is decoded around a face, in widths of the face: what any later stage looks at. */
const around = 3

/**
 * What is cut out of a photo for all of its faces, in areas of the photo: each cut is a copy of its part of the file. Of more faces than
 * that the rest stay as they are in the whole.
 */
const mostCut = 2

const finest: readonly Shrink[] = [8, 4, 2, 1]

/** How to see each of the faces best. @param faces in pixels of the photo */
export function closeViews(
  photo: DecodedPhoto,
  whole: View,
  faces: readonly FoundFace[],
): (() => View)[] {
  let left = mostCut * whole.image.width * whole.image.height * whole.scale ** 2
  const small = faces.filter((face) => {
    if (photo.shrink === 1 || sideOf(face) >= enough * photo.shrink) return false
    const { width, height } = surroundings(face, whole)
    left -= width * height
    return left >= 0
  })
  const cuts =
    small.length > 0 ? photo.cut(small.map((face) => surroundings(face, whole))) : undefined
  return faces.map((face) => {
    const cut = cuts?.[small.indexOf(face)]
    if (cut === undefined) return () => whole
    const shrink = finest.find((each) => each < photo.shrink && sideOf(face) >= wanted * each) ?? 1
    return () => ({ ...cut(shrink), scale: shrink })
  })
}

function sideOf({ box }: FoundFace): number {
  return Math.sqrt(box.width * box.height)
}

/** In pixels of the photo, and within it. */
function surroundings(face: FoundFace, { image, scale }: View): Rectangle {
  const [x, y] = centreOf(face.box)
  const reach = (around / 2) * sideOf(face)
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)))
  const [width, height] = [image.width * scale, image.height * scale]
  const [left, top] = [clamp(x - reach, width - 1), clamp(y - reach, height - 1)]
  return {
    x: left,
    y: top,
    width: Math.max(1, clamp(x + reach, width) - left),
    height: Math.max(1, clamp(y + reach, height) - top),
  }
}
