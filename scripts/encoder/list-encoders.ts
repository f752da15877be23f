/** The encoders that there are, as a table: which one runs, how right each is, how long it takes, and whose it is. */

import { type Encoder, encoders, encodingLengthOf } from '../../src/engine/encoders.ts'
import { countProducts } from '../../src/network/count-products.ts'
import { toTable } from '../front/markdown-table.ts'
import { percent } from '../front/percent.ts'
import { ownEncoders, packedEncoder } from '../weights/packed-encoder.ts'
import { type EncoderFigures, readEncoderFigures } from './encoder-figures.ts'

const head = [
  'encoder',
  'numbers',
  'right',
  'refused at 1e-3',
  'at 1e-4',
  'multiply-adds',
  'time',
  'weights',
  'licence',
]

export async function listEncoders(): Promise<string> {
  const packed = await packedEncoder()
  const figures = new Map((await readEncoderFigures()).map((one) => [one.name, one]))
  const rows = [...encoders, ...(await ownEncoders())].map((encoder) =>
    rowOf(encoder, figures.get(encoder.name), encoder.name === packed.name),
  )
  return [
    toTable([head, ...rows]),
    '',
    'right: listed pairs of LFW; refused: photos of the right person, at a false-match rate of 1e-3 and 1e-4 (docs/accuracy.md).',
    'time: of encoding one face, dlib-resnet = 1. "npm run encoder -- NAME" makes one the encoder that runs.',
  ].join('\n')
}

function rowOf(encoder: Encoder, figures: EncoderFigures | undefined, runs: boolean): string[] {
  const { name, parts, weights, licence } = encoder
  const total = parts.reduce(
    (sum, { table }) => sum + countProducts(table, table.input.size, table.input.size),
    0,
  )
  const fnmrAt = (fmr: number): string => {
    const found = figures?.fnmr.find((one) => one.fmr === fmr)
    return found ? percent(found.fnmr) : '-'
  }
  return [
    runs ? `${name} (runs)` : name,
    `${encodingLengthOf(parts[0].table)}`,
    figures ? percent(figures.accuracy) : '-',
    fnmrAt(1e-3),
    fnmrAt(1e-4),
    `${Math.round(total / 1e6)} M`,
    figures ? figures.time.toFixed(2) : '-',
    weights,
    licence,
  ]
}
