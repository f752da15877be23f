/** Weights that look drawn at random, the same in every run, and under which every layer's output stays near 1. */
import { csvTensorsOf, isWeighted, type NetworkTable } from '../../../src/network/table.ts'
import { randomNumbers } from '../random.ts'
import { countOf } from './pack-in-memory.ts'

export function seededWeights(table: NetworkTable, seed = 1): Map<string, Float32Array> {
  const tensors = new Map<string, Float32Array>()
  for (const layer of table.layers.filter(isWeighted)) {
    for (const { name, shape } of csvTensorsOf(layer)) {
      const count = countOf(shape)
      const numbers = randomNumbers(count, seed * 10_000 + tensors.size)
      const [spread, centre] =
        shape.length > 1
          ? [Math.sqrt((6 * shape[0]!) / count), 0]
          : /_v$/.test(name)
            ? [0.5, 1]
            : /bn\d?_w$/.test(name)
              ? [0.3, 1]
              : [0.1, 0]
      tensors.set(
        name,
        numbers.map((number) => number * spread + centre),
      )
    }
  }
  return tensors
}
