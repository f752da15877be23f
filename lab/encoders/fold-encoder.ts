/**
 * Fits the projection that folds an encoder's encodings to fewer numbers, and packs the encoder with it: one of the project's own, whose
 * projection is kept with the project, or somebody's own, whose row then says so.
 */
import { runFromNowOn } from '../../scripts/encoder/choose-encoder.ts'
import {
  keepShipped,
  matrixToText,
  projectionsOf,
  writeProjections,
} from '../../scripts/encoder/projections.ts'
import { CommandFault } from '../../scripts/front/fault.ts'
import { keepOwnEncoder } from '../../scripts/weights/packed-encoder.ts'
import { projected, unprojected } from '../../src/encoder/projected.ts'
import { type Encoder, encoders } from '../../src/engine/encoders.ts'
import { outputLength } from '../../src/network/shapes.ts'
import { fitProjection } from './fit-projection.ts'
import { unfoldedEncodings } from './unfolded-encodings.ts'

export interface FoldOptions {
  readonly length: number
  /** What the photos are. */
  readonly data: string
  /** As it was typed. */
  readonly command: string
}

/** Throws CommandFault when there is nothing to fold. */
export async function foldEncoder(
  encoder: Encoder,
  files: readonly string[],
  { length, data, command }: FoldOptions,
): Promise<void> {
  const isShipped = encoders.includes(encoder)
  const row = isShipped ? encoder : ownRow(encoder, length)
  const targets = projectionsOf(row)
  if (targets.length === 0) throw new CommandFault(`${encoder.name} has no projection to fit`)
  const out = targets[0]!.shape[0]!
  if (isShipped && out !== length) {
    throw new CommandFault(`${encoder.name} has ${out} numbers; its table says so`)
  }
  const encodings = await unfoldedEncodings(row, files)
  const weights = row.parts.map(({ share = 1 }) => Math.sqrt(share))
  const joined = encodings[0]!.map((_, photo) =>
    Float32Array.from(
      encodings.flatMap((ofPart, i) => Array.from(ofPart[photo]!, (value) => value * weights[i]!)),
    ),
  )
  const { matrix, kept } = fitProjection(joined, out)
  const matrices = splitColumns(
    matrix,
    targets.map(({ shape }) => shape[1]!),
    weights,
  )
  const named = new Map(targets.map(({ name }, i) => [name, matrices[i]!]))
  console.log(
    `${joined[0]!.length} numbers become ${out}: ${(kept * 100).toFixed(2)} % of the squared length of ${joined.length} encodings is kept`,
  )
  if (isShipped) {
    const texts = [...named].map(([name, values]) => [name, matrixToText(values)] as const)
    const path = await keepShipped({
      encoder: encoder.name,
      data: `${data}: ${joined.length} photos`,
      date: new Date().toISOString().slice(0, 10),
      command,
      kept,
      matrices: Object.fromEntries(texts),
    })
    console.log(`written to ${path}`)
  } else {
    await keepOwnEncoder(row)
  }
  await writeProjections(named)
  await runFromNowOn(row)
}

function ownRow(encoder: Encoder, length: number): Encoder {
  const [{ table, chip }] = encoder.parts
  const whole = unprojected(table)
  if (outputLength(whole) <= length) {
    throw new CommandFault(
      `${encoder.name} has ${outputLength(whole)} numbers, no more than ${length}`,
    )
  }
  return { ...encoder, parts: [{ table: projected(whole, encoder.name, length), chip }] }
}

/** Columns of each part apart, with how much the part counts. */
function splitColumns(
  matrix: Float32Array,
  widths: readonly number[],
  weights: readonly number[],
): Float32Array[] {
  const whole = widths.reduce((sum, width) => sum + width, 0)
  const rows = matrix.length / whole
  let start = 0
  return widths.map((width, i) => {
    const part = new Float32Array(rows * width)
    for (let row = 0; row < rows; row++) {
      const from = row * whole + start
      part.set(
        matrix.subarray(from, from + width).map((value) => value * weights[i]!),
        row * width,
      )
    }
    start += width
    return part
  })
}
