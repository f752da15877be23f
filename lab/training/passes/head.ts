/**
 * A linear map of 128 to 128 numbers behind a network that stays as it is: what can be learnt from a few hundred photos
 * in a minute. It starts as the identity, so the network's own encodings are where it starts from, and it is folded into
 * the network's last dense layer in the end: a length that is divided away later does not matter, so that is exact.
 */
import { encodingLength } from '../../../src/encoder/encode.ts'
import type { Layer, NetworkTable } from '../../../src/network/table.ts'

export const headLayer = 'head'

/** The network with the head behind it, which ends at length 1 where the network does. */
export function withHead(table: NetworkTable): NetworkTable {
  const isUnit = table.layers.at(-1)!.op === 'l2Normalise'
  const head: Layer[] = [
    { op: 'dense', name: headLayer, in: encodingLength, out: encodingLength, bias: false },
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

/** [128, 128] times [128, columns]. */
function multiply(left: Float32Array, right: Float32Array): Float32Array {
  const columns = right.length / encodingLength
  return right.map((_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns]
    let sum = 0
    for (let k = 0; k < encodingLength; k++) {
      sum += left[row * encodingLength + k]! * right[k * columns + column]!
    }
    return sum
  })
}

/** [128, 128], in the order of the CSV files. */
export function identityHead(): Float32Array {
  return Float32Array.from({ length: encodingLength ** 2 }, (_, i) =>
    i % (encodingLength + 1) === 0 ? 1 : 0,
  )
}
