/**
 * A network that was read from a file -> a table and its CSV tensors: one of the project's own tables that it has to be like, or
 * a table of its own. Colours are scaled alike in a table; what a file does to each of them goes into its first filters.
 */
import { isWeighted, type Layer, type NetworkTable } from '../../src/network/table.ts'
import type { GraphNetwork } from '../weights/graphs/network-of-graph.ts'

export interface ReadTable {
  readonly table: NetworkTable
  readonly tensors: ReadonlyMap<string, Float32Array>
}

/** What happens to pixels before the file's network sees them: (pixel - mean) / divide. */
export interface Preparation {
  readonly colour: 'rgb' | 'bgr'
  readonly mean: number
  readonly divide: number
}

/** @throws Error that names the first layer that is another one */
export function tableLike(
  table: NetworkTable,
  network: GraphNetwork,
  preparation: Preparation,
): ReadTable {
  const own = table.layers.map(shapeOf)
  const read = network.list.layers.map(shapeOf)
  const other = own.findIndex((layer, i) => layer !== read[i])
  if (other !== -1 || read.length !== own.length) {
    const at = other === -1 ? own.length : other
    throw new Error(
      `this is not ${table.name}: layer ${at + 1} is ${read[at] ?? 'absent'}, expected ${own[at] ?? 'none'}`,
    )
  }
  const input = inputOf(network, preparation, table.input.divisor)
  if (input.mean.some((mean, c) => Math.abs(mean - table.input.mean[c]!) > 1e-3)) {
    throw new Error(
      `this is not ${table.name}: its mean colour is ${input.mean.join(', ')}, expected ${table.input.mean.join(', ')}`,
    )
  }
  return { table, tensors: network.list.tensors(table.layers) }
}

export function ownTable(name: string, network: GraphNetwork, preparation: Preparation): ReadTable {
  const input = inputOf(network, preparation)
  const table: NetworkTable = { name, input, layers: network.list.layers }
  return { table, tensors: network.list.tensors() }
}

/**
 * The table with its encodings scaled to length 1. Nearly every face network is trained to tell people apart by the angle between its
 * encodings, and gives them any length, which would count in a distance.
 */
export function ofUnitLength(table: NetworkTable): NetworkTable {
  if (table.layers.at(-1)?.op === 'l2Normalise') return table
  return { ...table, layers: [...table.layers, { op: 'l2Normalise', name: 'unit' }] }
}

/** Puts into the first filters what is different from colour to colour. @param wanted divisor; the file's own unless given */
function inputOf(
  { list, size, scale, offset }: GraphNetwork,
  { colour, mean, divide }: Preparation,
  wanted?: number,
): NetworkTable['input'] {
  const slopes = scale.map((value) => value / divide)
  const divisor = wanted ?? 1 / Math.max(...slopes)
  const gains = slopes.map((slope) => slope * divisor)
  if (gains.some((gain) => gain !== 1)) list.scaleInput(gains)
  const means = slopes.map((slope, c) => mean - offset[c]! / slope)
  const [first, second, third] = means as [number, number, number]
  return {
    size,
    sizeIs: 'exact',
    mean: colour === 'bgr' ? [third, second, first] : [first, second, third],
    divisor,
    ...(colour === 'bgr' && { order: 'bgr' as const }),
  }
}

/** All about a layer but names and the projection behind it, which no file has. */
function shapeOf(layer: Layer): string {
  const { name: _, from, ...rest } = layer
  const fields = Object.entries({ ...rest, weighted: isWeighted(layer) })
  const reads = from === undefined ? 1 : [from].flat().length
  return JSON.stringify(
    Object.fromEntries(
      [...fields.filter(([key]) => key !== 'projection'), ['reads', reads]].sort(),
    ),
  )
}
