/** Every face of a photo beside the one that counted. */
import type { Box, FacegateClient } from '../../../../client/src/client.ts'
import type { ChosenPhoto } from '../chosen-photo.ts'
import type { DrawnFace } from './draw-faces.ts'

export interface Picture {
  readonly photo: ChosenPhoto
  /** The face that counted; nothing where none did. */
  readonly faces: readonly DrawnFace[]
}

export async function markAllFaces(
  facegate: FacegateClient,
  pictures: readonly Picture[],
  signal: AbortSignal,
): Promise<readonly Picture[]> {
  return await Promise.all(
    pictures.map(async ({ photo, faces: counted }) => {
      const found = await facegate.detect({ image: photo.file }, { signal })
      const others = found.faces
        .filter(({ box }) => !counted.some((face) => overlap(face.box, box) > 0.5))
        .map(({ box }) => ({ box, isOther: true }))
      return { photo, faces: [...counted, ...others] }
    }),
  )
}

/** The part of the smaller box that lies in the other. */
function overlap(one: Box, other: Box): number {
  const side = (from: number, length: number, otherFrom: number, otherLength: number) =>
    Math.max(0, Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom))
  const area =
    side(one.x, one.width, other.x, other.width) * side(one.y, one.height, other.y, other.height)
  return area / Math.min(one.width * one.height, other.width * other.height)
}
