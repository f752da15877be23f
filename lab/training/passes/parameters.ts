/**
 * The numbers of a network while it is trained: every tensor by the name of its CSV file, filters in tfjs's order. All of
 * them are views on one shared buffer, so that threads read what the optimiser wrote.
 */
import { toCsvOrder, toTfjsOrder } from '../../../src/network/fold.ts'
import {
  csvTensors,
  csvTensorsOf,
  isWeighted,
  type NetworkTable,
  type WeightedLayer,
} from '../../../src/network/table.ts'

export interface Parameters {
  /** All numbers, in the order of csvTensors. */
  readonly values: Float32Array
  readonly views: ReadonlyMap<string, Float32Array>
}

export function parameterCount(table: NetworkTable): number {
  return csvTensors(table).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** @param buffer parameterCount(table) * 4 bytes; its numbers are taken as they are */
export function viewParameters(table: NetworkTable, buffer: SharedArrayBuffer): Parameters {
  const values = new Float32Array(buffer)
  const views = new Map<string, Float32Array>()
  let first = 0
  for (const { name, shape } of csvTensors(table)) {
    const end = first + sizeOf(shape)
    views.set(name, values.subarray(first, end))
    first = end
  }
  return { values, views }
}

/** @param csv every tensor of the table, in the order of the CSV files */
export function fillParameters(
  table: NetworkTable,
  parameters: Parameters,
  csv: ReadonlyMap<string, Float32Array>,
): void {
  for (const layer of table.layers.filter(isWeighted)) {
    for (const { name } of csvTensorsOf(layer)) {
      const values = csv.get(name)
      if (!values) throw new Error(`the tensor ${name} is absent`)
      const ordered = isFilter(layer, name) ? toTfjsOrder(layer, values) : values
      parameter(parameters, name).set(ordered)
    }
  }
}

/** The way back: copies in the order of the CSV files. */
export function toCsvTensors(
  table: NetworkTable,
  parameters: Parameters,
): Map<string, Float32Array> {
  const csv = new Map<string, Float32Array>()
  for (const layer of table.layers.filter(isWeighted)) {
    for (const { name } of csvTensorsOf(layer)) {
      const values = parameter(parameters, name)
      csv.set(name, isFilter(layer, name) ? toCsvOrder(layer, values) : values.slice())
    }
  }
  return csv
}

export function parameter({ views }: Parameters, name: string): Float32Array {
  const values = views.get(name)
  if (!values) throw new Error(`the tensor ${name} is absent`)
  return values
}

/** The kept statistics of batch normalisation, which are measured and not learnt. */
export function statisticsNames(layer: WeightedLayer): string[] {
  return layer.op === 'conv' && layer.norm?.kind === 'batchNorm'
    ? [`${layer.norm.name}_m`, `${layer.norm.name}_v`]
    : []
}

function isFilter(layer: WeightedLayer, name: string): boolean {
  return name === `${layer.name}_w`
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}
