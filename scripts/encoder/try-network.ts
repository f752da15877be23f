/**
 * Whether a table with its tensors runs as it would be packed, and as the file has it, before anything is written: in memory, on one
 * picture of noise.
 */
import { startBackend } from '../../src/network/backend.ts'
import { disposeNetwork, loadNetwork } from '../../src/network/load.ts'
import { runOnSquares } from '../../src/network/run.ts'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { CommandFault } from '../front/fault.ts'
import { nodeAssets } from '../setup/node-engine.ts'
import { countOf } from '../weights/graphs/reading.ts'
import { packTensors } from '../weights/pack-network.ts'

type Tensors = ReadonlyMap<string, Float32Array>

/** Cosine between what whole numbers and float32 give. Rounding takes it to 0.999998 or more in the networks of the project. */
const leastAlike = 0.99

/** Throws CommandFault. */
export async function tryNetwork(table: NetworkTable, tensors: Tensors): Promise<void> {
  await startBackend((await nodeAssets()).backend)
  try {
    requireTensors(table, tensors)
    const packed = await outputOf(table, tensors, 'integer')
    if (!packed.every(Number.isFinite)) throw new Error('it gives numbers that are not finite')
    const alike = cosine(packed, await outputOf(table, tensors, 'float32'))
    if (!(alike >= leastAlike)) {
      throw new Error(
        `packed it gives other numbers than in float32, at a cosine of ${alike.toFixed(3)}, expected ${leastAlike} or more`,
      )
    }
  } catch (error) {
    throw new CommandFault(
      `${table.name} does not run here: ${error instanceof Error ? error.message : error}; nothing was changed`,
    )
  }
}

/** What cannot be read again once it is in CSV files. */
function requireTensors(table: NetworkTable, tensors: Tensors): void {
  for (const { name, shape, folder } of csvTensors(table)) {
    if (folder !== undefined) continue
    const values = tensors.get(name) ?? new Float32Array()
    const count = countOf(shape)
    if (values.length !== count) {
      throw new Error(`${name} has ${values.length} numbers, expected ${count}`)
    }
    if (!values.every(Number.isFinite)) throw new Error(`${name} has numbers that are not finite`)
  }
}

async function outputOf(
  table: NetworkTable,
  tensors: Tensors,
  precision: 'integer' | 'float32',
): Promise<Float32Array> {
  const { size } = table.input
  // Never written: a tensor that fits into a shard as bytes need not fit in float32.
  const most = precision === 'float32' ? Number.POSITIVE_INFINITY : undefined
  const { index, files } = await packTensors(table, tensors, precision, '', most)
  const readShardFile = (file: string) => new Uint8Array(files.get(file)!).buffer
  const engine = precision === 'float32' ? 'stock' : 'plan'
  const network = await loadNetwork(table, { index, readShardFile }, engine)
  const { values } = runOnSquares(network, [noise(size * size * 3)], [size, size])
  disposeNetwork(network)
  return values.slice()
}

/** Pixels that look random, the same in every run. */
function noise(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(i ^ (i >>> 7), 0x9e3779b1)
    return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 24
  })
}

/** Of zeros alone 1 with zeros, 0 with anything else. */
function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  const lengths = Math.sqrt(dot(a, a) * dot(b, b))
  if (lengths === 0) return dot(a, a) === dot(b, b) ? 1 : 0
  return dot(a, b) / lengths
}
