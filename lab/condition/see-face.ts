/** The face on a picture as the gate sees it, and as the encoder does: the stages of the pipeline, without a file in between. */
import { encodeChips } from '../../src/engine/stages/encode-chips.ts'
import { measureFace } from '../../src/engine/stages/measure-face.ts'
import type { Models, RunningPart } from '../../src/engine/stages/models.ts'
import type { ErrorCode } from '../../src/errors/error-table.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { chipKinds } from '../../src/face/chips/chip-kinds.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import { pictureFeatures } from '../../src/face/condition/picture-features.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { locateLandmarks } from '../../src/face/landmarks.ts'
import type { Measures } from '../../src/gate/rule.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

export interface SeenFace extends FaceOnPhoto {
  readonly features: Float32Array
  readonly measures: Measures
  /** As a probe, and as enrolled. */
  encode(): { readonly single: Float32Array; readonly averaged: Float32Array }
  /** As a probe, by an encoder that need not be the one of the models. */
  probeBy(encoder: readonly RunningPart[]): Float32Array
}

/** The main face, or why there is none. */
export function seeFace(models: Models, image: RgbImage): SeenFace | ErrorCode {
  try {
    const face = mainFace(findFaces(models.detector, image), image)
    const landmarks = locateLandmarks(models.landmarks, image, face)
    const placed = { face, landmarks, photo: image }
    const { chip, measures } = measureFace(image, placed, placed)
    const cut = (encoder: readonly RunningPart[]): Float32Array[] =>
      encoder.map(({ network, chip: kind }) => {
        const { size } = network.table.input
        return warp(image, chipKinds[kind](landmarks, size), size)
      })
    return {
      landmarks,
      width: face.box.width,
      features: pictureFeatures(chip),
      measures,
      encode() {
        const { encoding, single } = encodeChips(models.encoder, cut(models.encoder), true)
        return { single: single!, averaged: encoding }
      },
      probeBy: (encoder) => encodeChips(encoder, cut(encoder), false).encoding,
    }
  } catch (error) {
    if (error instanceof FaceError) return error.code
    throw error
  }
}
