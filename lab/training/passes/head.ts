/**
 * A linear map of the encoding's numbers to as many, behind a network that stays as it is: what can be learnt from a few hundred photos
 * in a minute. It starts as the identity, so the network's own encodings are where it starts from, and it is folded into
 * the network's last dense layer in the end: a length that is divided away later does not matter, so that is exact.
 */
import { outputLength } from '../../../src/network/shapes.ts'
import type { Layer, NetworkTable } from '../../../src/network/table.ts'

export const headLayer = 'head'

/** The network with the head behind it, which ends at length 1 where the network does. */
export function withHead(table: NetworkTable): NetworkTable {
  const isUnit = table.layers.at(-1)!.op === 'l2Normalise'
  const length = outputLength(table)
  const head: Layer[] = [
    { op: 'dense', name: headLayer, in: length, out: length, bias: false },
    ...(isUnit ? [{ op: 'l2Normalise', name: `${headLayer}_unit` } as const] : []),
  ]
  return { ...table, layers: [...table.layers, ...head] }
}

/**
 * The network's own tensors with the head in them.
 *
 * @param table the network without the head
 * @param csv of the network with the head, in the order of the CSV files
 */
export function foldHead(
  table: NetworkTable,
  csv: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const last = table.layers.findLast(({ op }) => op !== 'l2Normalise')
  if (last?.op !== 'dense') throw new Error(`${table.name} does not end with a dense layer`)
  const folded = new Map(csv)
  folded.delete(`${headLayer}_w`)
  const head = csv.get(`${headLayer}_w`)!
  const names = [`${last.name}_w`, ...(last.bias ? [`${last.name}_b`] : [])]
  for (const name of names) folded.set(name, multiply(head, csv.get(name)!))
  return folded
}

/** [length, length] times [length, columns]. */
function multiply(left: Float32Array, right: Float32Array): Float32Array {
  const length = Math.sqrt(left.length)
  const columns = right.length / length
  return right.map((_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns]
    let sum = 0
    for (let k = 0; k < length; k++) {
      sum += left[row * length + k]! * right[k * columns + column]!
    }
    return sum
  })
}

/** [length, length] for the table's encodings, in the order of the CSV files. @param table the network without the head */
export function identityHead(table: NetworkTable): Float32Array {
  const length = outputLength(table)
  return Float32Array.from({ length: length ** 2 }, (_, i) => (i % (length + 1) === 0 ? 1 : 0))
}
