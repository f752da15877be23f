/**
 * The stages that every way through begins with: a photo is opened and its faces are found. All pixels that are looked at on the way are
 * released when their use ends.
 */
import type { FoundFace } from '../../face/detect.ts'
import { lookForFaces } from '../../face/find-faces.ts'
import { requireRoomForFace } from '../../gate/missing-face.ts'
import { type DecodedPhoto, openPhoto } from '../../image/decode/decode.ts'
import { releaseImage } from '../../image/release-image.ts'
import type { FaceReport } from './face-report.ts'
import type { Models } from './models.ts'
import { boxInView, faceInPhoto, type View } from './view.ts'

/** What is known of a photo of a sequence before it is looked at. */
export interface FramePlace {
  /** The face of the photo before; the first has none. */
  readonly before?: FaceReport
}

/** The shared stages; faces are in pixels of the photo. Its own pixels are released when `use` ends, not by the garbage collector. */
export async function withFaces<T>(
  models: Models,
  photo: Uint8Array,
  { wanted, before }: FramePlace & { readonly wanted: 'main' | 'all' },
  use: (
    opened: DecodedPhoto,
    whole: View,
    faces: readonly FoundFace[],
    glimpse: FoundFace | null,
  ) => T,
): Promise<T> {
  // Where a face is needed, a photo without room for one is not worth decoding.
  const check = wanted === 'main' ? requireRoomForFace : undefined
  const opened = openPhoto(photo, models.codecs, check)
  const { image, shrink } = opened
  const whole = { image, x: 0, y: 0, scale: shrink }
  try {
    const earlier = before && { ...before, box: boxInView(before.box, whole) }
    const { faces, glimpse } = lookForFaces(models.detector, image, wanted, earlier)
    return use(
      opened,
      whole,
      faces.map((face) => faceInPhoto(face, whole)),
      glimpse,
    )
  } finally {
    releaseImage(image)
  }
}

/** The pixels of a view that is not the whole photo are released too. */
export function inView<T>(whole: View, open: () => View, use: (view: View) => T): T {
  const view = open()
  try {
    return use(view)
  } finally {
    if (view !== whole) releaseImage(view.image)
  }
}
