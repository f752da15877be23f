/** What the stages run on: decoders and networks, loaded once per isolate. */

import type { ChipKind } from '../../face/chips/chip-kinds.ts'
import type { Codecs } from '../../image/decode/codecs.ts'
import type { Network } from '../../network/load.ts'

export interface Models {
  /** Encoder and pipeline, as in "dlib-resnet@4f1c2a90": encodings of two of them are never compared. */
  readonly model: string
  readonly codecs: Codecs
  readonly detector: Network
  readonly landmarks: Network
  /** An encoding is the sum of what they give. */
  readonly encoder: readonly RunningPart[]
  /** Only where one was packed. */
  readonly liveness?: readonly Network[]
}

/** A network of the encoder, and how faces are cut out for it. */
export interface RunningPart {
  readonly network: Network
  readonly chip: ChipKind
}
