/**
 * The encoders that can be packed, one of which runs: its table, and how faces are aligned for it. The size of its chips and
 * the length of its encodings follow from the table.
 */
import { dlibResnet } from '../encoder/dlib-resnet.ts'
import { nn4Small2Exercise, nn4Small2OpenFace } from '../encoder/nn4-small2.ts'
import { encodingLengthsText, isEncodingLength } from '../encoding/encoding.ts'
import { alignFace } from '../face/align.ts'
import { alignEyesAndNose } from '../face/align-eyes-and-nose.ts'
import { outputLength } from '../network/shapes.ts'
import type { NetworkTable } from '../network/table.ts'
import type { Align } from './pipeline.ts'

export interface Encoder {
  readonly table: NetworkTable
  readonly align: Align
}

/** Padding of the chip around the face, as a share of the face's size, that dlib's network was trained with. */
const dlibPadding = 0.25

/** The first one is packed unless another is chosen. */
export const encoders: readonly [Encoder, ...Encoder[]] = [
  {
    table: dlibResnet,
    align: (landmarks, size) => alignFace(landmarks, size, dlibPadding),
  },
  { table: nn4Small2OpenFace, align: alignEyesAndNose },
  { table: nn4Small2Exercise, align: alignEyesAndNose },
]

/** Numbers in an encoding, as the table's last layers make them. @throws Error when no encoding has as many */
export function encodingLengthOf(table: NetworkTable): number {
  const length = outputLength(table)
  if (isEncodingLength(length)) return length
  throw new Error(`${table.name} gives ${length} numbers; an encoding has ${encodingLengthsText}`)
}

/** @throws Error that lists the names there are */
export function encoderNamed(name: string): Encoder {
  const encoder = encoders.find(({ table }) => table.name === name)
  if (encoder) return encoder
  throw new Error(
    `there is no encoder "${name}"; known are ${encoders.map(({ table }) => table.name).join(', ')}`,
  )
}
