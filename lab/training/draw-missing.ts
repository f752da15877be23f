/**
 * Weights for a network whose folder lacks some: what is there is read, what is absent is drawn. Filters are He-normal (He
 * et al. 2015, section 2.2), which keeps the spread of what goes through; norms start as doing nothing.
 */
import { join } from 'node:path'
import { CommandFault } from '../../scripts/front/fault.ts'
import { readCsv } from '../../scripts/weights/csv.ts'
import { requireWeights } from '../../scripts/weights/misplaced-weights.ts'
import { WeightFaults } from '../../scripts/weights/pack-network.ts'
import { listWeights } from '../../scripts/weights/weights-folder.ts'
import {
  type CsvTensor,
  csvTensors,
  csvTensorsOf,
  isWeighted,
  type NetworkTable,
} from '../../src/network/table.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { layersFrom } from './passes/network-pass.ts'

export interface StartWeights {
  /** Every tensor of the network, in the order of the CSV files. */
  readonly tensors: Map<string, Float32Array>
  /** Names of those that were drawn. */
  readonly drawn: string[]
}

/**
 * @param folder null: there is none, all is drawn
 * @param seed null: nothing is drawn, absent files are faults
 * @throws Error when there is no such folder; WeightFaults that lists all faults of all files
 */
export async function readOrDraw(
  table: NetworkTable,
  folder: string | null,
  seed: number | null,
): Promise<StartWeights> {
  if (folder !== null && seed === null) await requireWeights(table, folder)
  const present = new Set(folder === null ? [] : await listWeights(folder))
  const tensors = new Map<string, Float32Array>()
  const drawn: string[] = []
  const faults: string[] = []
  for (const tensor of csvTensors(table)) {
    const { name, shape } = tensor
    if (folder !== null && present.has(`${name}.csv`)) {
      const result = await readCsv(join(folder, `${name}.csv`), sizeOf(tensor))
      tensors.set(name, result.values)
      faults.push(...result.faults.map((fault) => `${name}.csv: ${fault}, ${describe(shape)}`))
    } else if (seed === null) {
      faults.push(`${name}.csv is missing, expected ${describe(shape)}; --draw-missing draws it`)
    } else {
      tensors.set(name, drawTensor(tensor, roleOf(table, name), seed))
      drawn.push(name)
    }
  }
  if (faults.length > 0) throw new WeightFaults(folder ?? table.name, faults)
  return { tensors, drawn }
}

/**
 * Throws CommandFault for tensors that were drawn in layers that are not trained: they would stay random, and so would every
 * encoding.
 *
 * @param from first layer that is trained; null: all are
 */
export function requireTrained(
  drawn: readonly string[],
  table: NetworkTable,
  from: string | null,
): void {
  const frozen = table.layers.slice(0, layersFrom(table, from).first).filter(isWeighted)
  const isDrawn = ({ name }: CsvTensor): boolean => drawn.includes(name)
  const random = frozen.filter((layer) => csvTensorsOf(layer).some(isDrawn)).map(({ name }) => name)
  const [first] = random
  if (first === undefined) return
  const more = random.length - 1
  const others = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'layer' : 'layers'}`
  throw new CommandFault(
    `${first}${others} would be drawn and never trained: --from ${first} trains them, --freeze-drawn leaves them random`,
    2,
  )
}

type Role = 'filter' | 'bias' | 'w' | 'b' | 'm' | 'v'

function roleOf(table: NetworkTable, name: string): Role {
  for (const layer of table.layers.filter(isWeighted)) {
    const names = csvTensorsOf(layer).map((tensor) => tensor.name)
    if (!names.includes(name)) continue
    if (name === `${layer.name}_w`) return 'filter'
    return name === `${layer.name}_b` ? 'bias' : (name.slice(-1) as Role)
  }
  throw new Error(`${table.name} has no tensor ${name}`)
}

function drawTensor(tensor: CsvTensor, role: Role, seed: number): Float32Array {
  const values = new Float32Array(sizeOf(tensor))
  if (role === 'w' || role === 'v') return values.fill(1)
  if (role !== 'filter') return values
  const random = new SeededRandom(seed, 'weights', tensor.name)
  // Numbers that one output reads.
  const inputs = values.length / tensor.shape[0]!
  const deviation = Math.sqrt(2 / inputs)
  return values.map(() => random.normal() * deviation)
}

function sizeOf({ shape }: CsvTensor): number {
  return shape.reduce((product, side) => product * side, 1)
}

function describe(shape: readonly number[]): string {
  return `shape [${shape.join(', ')}]`
}
