/** Somebody's own face network, from a file whose layers the tables know -> an encoder like those of the project. */
import type { Encoder } from '../../src/engine/encoders.ts'
import { encoders, encodingLengthOf } from '../../src/engine/encoders.ts'
import { type ChipKind, publishedChipKinds } from '../../src/face/chips/chip-kinds.ts'
import { CommandFault } from '../front/fault.ts'
import { buildKernels } from '../kernels/build-kernels.ts'
import { networkOfGraph } from '../weights/graphs/network-of-graph.ts'
import type { OnnxGraph } from '../weights/graphs/onnx-file.ts'
import { networks } from '../weights/networks.ts'
import { readIndex } from '../weights/pack-network.ts'
import { keepOwnEncoder } from '../weights/packed-encoder.ts'
import { runFromNowOn } from './choose-encoder.ts'
import { describeSize } from './describe-size.ts'
import { readNetworkFile } from './network-file.ts'
import { ofUnitLength, ownTable, type Preparation, type ReadTable } from './table-of-network.ts'
import { tryNetwork } from './try-network.ts'
import { writeWeights } from './write-weights.ts'

export interface OwnNetwork extends Preparation {
  readonly name: string
  /** An .onnx file, or the .xml file of an OpenVINO IR. */
  readonly file: string
  readonly chip: Chip
  readonly licence: string
}

/** How faces are cut out, and at which size. */
export interface Chip {
  readonly kind: ChipKind
  readonly size: number
}

/** "arcface-112"; undefined for anything else. */
export function readChip(text: string): Chip | undefined {
  const [, kind, size] = text.match(/^([a-z]+)-(\d{2,3})$/) ?? []
  const known = publishedChipKinds.find((name) => name === kind)
  return known && { kind: known, size: Number(size) }
}

/** What is wrong with a name; undefined for a good one. */
export function faultOfName(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9.-]{0,40}$/.test(name)) {
    return `"${name}": expected small letters, digits, dots and hyphens`
  }
  const isTaken = [...networks, ...encoders].some((known) => known.name === name)
  return isTaken ? `"${name}" is a network of the project; expected another name` : undefined
}

/** Throws CommandFault that names everything that is not known in the file. */
export async function addOwnEncoder(own: OwnNetwork): Promise<void> {
  const { name, file, chip, licence } = own
  const { table, tensors } = await read(own)
  if (table.input.size !== chip.size) {
    throw new CommandFault(
      `${file} takes pictures of ${table.input.size} x ${table.input.size}, the chip is ${chip.size}: expected --chip ${chip.kind}-${table.input.size}; nothing was changed`,
    )
  }
  await buildKernels()
  await tryNetwork(table, tensors)
  await writeWeights(table, tensors)
  const encoder: Encoder = {
    name,
    parts: [{ table, chip: chip.kind }],
    weights: 'your file',
    licence,
  }
  await keepOwnEncoder(encoder)
  console.log(
    `imported ${name}: ${tensors.size} CSV files, encodings of ${encodingLengthOf(table)} numbers`,
  )
  await runFromNowOn(encoder)
  const shards = (await readIndex(name))?.shards ?? []
  const large = describeSize(
    name,
    shards.reduce((sum, { bytes }) => sum + bytes, 0),
  )
  if (large !== null) console.log(large)
}

async function read(own: OwnNetwork): Promise<ReadTable> {
  try {
    const graph = await readNetworkFile(own.file)
    const { output, read } = firstEncoding(graph, own)
    if (graph.outputs.length > 1) {
      console.log(`of the outputs ${graph.outputs.join(', ')} the encoding is ${output}`)
    }
    // dlib's network, whose chip this is, was trained by the distance of its encodings as they are.
    return own.chip.kind === 'dlib' ? read : { ...read, table: ofUnitLength(read.table) }
  } catch (error) {
    if (error instanceof CommandFault) throw error
    throw new CommandFault(`${own.file}: ${(error as Error).message}; nothing was changed`)
  }
}

/** The first output that has the length of an encoding: others may be maps of features. @throws Error as the first of them does */
function firstEncoding(graph: OnnxGraph, own: OwnNetwork): { output: string; read: ReadTable } {
  let fault = new Error('the graph has no output')
  for (const [i, output] of graph.outputs.entries()) {
    try {
      const read = ownTable(own.name, networkOfGraph(graph, own.chip.size, output), own)
      encodingLengthOf(read.table)
      return { output, read }
    } catch (error) {
      if (i === 0) fault = error as Error
    }
  }
  throw fault
}
