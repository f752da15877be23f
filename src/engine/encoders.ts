/**
 * The encoders that the project knows, one of which runs: a row says everything about one. The size of its chips, the order and scale of
 * their colours and the length of its encodings are in its tables; its metric and thresholds are measured (decision/calibration-table.ts).
 */
import { dlibResnet } from '../encoder/dlib-resnet.ts'
import { nn4Small2Exercise, nn4Small2OpenFace } from '../encoder/nn4-small2.ts'
import { projected, projectedDirection } from '../encoder/projected.ts'
import { reid0095 } from '../encoder/reid-0095.ts'
import { encodingLengthsText, isEncodingLength } from '../encoding/encoding.ts'
import type { ChipKind } from '../face/chips/chip-kinds.ts'
import { outputLength } from '../network/shapes.ts'
import type { NetworkTable } from '../network/table.ts'

/** A network, and the chip that it was trained to see. */
export interface EncoderPart {
  readonly table: NetworkTable
  readonly chip: ChipKind
  /** How much it counts of the squared distance, where several are fused: what the projection was fitted with. */
  readonly share?: number
}

export interface Encoder {
  /** First half of a model id. */
  readonly name: string
  /** An encoding is the sum of what they give. */
  readonly parts: readonly [EncoderPart, ...EncoderPart[]]
  /** Where its weights come from. */
  readonly weights: string
  readonly licence: string
}

function alone(table: NetworkTable, chip: ChipKind): Pick<Encoder, 'name' | 'parts'> {
  return { name: table.name, parts: [{ table, chip }] }
}

/** Numbers in the encodings of those that are folded to fewer, as the exercise has them. */
const foldedLength = 128

const dlib: Encoder = {
  ...alone(dlibResnet, 'dlib'),
  weights: 'npm, with this project',
  licence: 'public domain',
}
const openFace = { weights: 'your CSV files', licence: 'Apache-2.0' }
const reid: Encoder = {
  ...alone(projected(reid0095, 'reid-0095', foldedLength), 'reidWide'),
  weights: 'Intel, Open Model Zoo',
  licence: 'Apache-2.0',
}
/** Each says something that the other does not. */
const fused: Encoder = {
  name: 'fused',
  parts: [
    { table: projectedDirection(reid0095, 'fused', foldedLength), chip: 'reidWide', share: 0.4 },
    { table: projectedDirection(dlibResnet, 'fused', foldedLength), chip: 'dlib', share: 0.6 },
  ],
  weights: `those of ${reid.name} and ${dlib.name}`,
  licence: `${reid.licence} and ${dlib.licence}`,
}

/** The first one is packed unless another is chosen. */
export const encoders: readonly [Encoder, ...Encoder[]] = [
  dlib,
  reid,
  fused,
  { ...alone(nn4Small2OpenFace, 'openface'), ...openFace },
  { ...alone(nn4Small2Exercise, 'openface'), ...openFace },
]

/** Numbers in an encoding, as the table's last layers make them. @throws Error when no encoding has as many */
export function encodingLengthOf(table: NetworkTable): number {
  const length = outputLength(table)
  if (isEncodingLength(length)) return length
  throw new Error(`${table.name} gives ${length} numbers; an encoding has ${encodingLengthsText}`)
}

/** @throws Error that lists the names there are */
export function encoderNamed(name: string): Encoder {
  const encoder = encoders.find((candidate) => candidate.name === name)
  if (encoder) return encoder
  throw new Error(
    `there is no encoder "${name}"; known are ${encoders.map((known) => known.name).join(', ')}`,
  )
}
