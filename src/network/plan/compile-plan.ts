/**
 * A table and its placed weights become a plan: a list of commands, made once for a size of the input; where the arena lies is
 * filled in later. Layers are fused where possible: an activation, or the shortcut of a residual block, goes into the convolution or the gate
 * before it.
 */

import { dimensionsOf, type PlacedLayer, placeLayers, type Shape } from '../shapes.ts'
import { type NetworkTable, networkInput } from '../table.ts'
import { Arena } from './arena.ts'
import type { Heap } from './heap.ts'
import { layerCommands } from './layer-commands.ts'
import type { PlacedWeights } from './place-weights.ts'
import { SlopeArrays } from './slope-arrays.ts'
import { bytesOf, mostBehind, mostBytes, type Picture, type Relative, type Step } from './step.ts'

/** What runs, wherever its arena will lie (plans.ts). */
export interface Draft {
  /** In the order in which they run. */
  readonly commands: readonly Relative[]
  readonly arenaBytes: number
  /** Offsets in the arena. */
  readonly input: number
  readonly output: number
  readonly inputBytes: number
  readonly outputBytes: number
  /** Of one picture, without the batch. */
  readonly outputShape: readonly number[]
}

/** Layers whose kernels keep the largest number of what they make, where channels fill vectors. */
const keepers: ReadonlySet<string> = new Set([
  'conv',
  'depthwise',
  'maxPool',
  'avgPool',
  'l2Pool',
  'add',
  'gate',
])
const lanes = 8

export function compilePlan(
  table: NetworkTable,
  [height, width]: readonly [number, number],
  weights: PlacedWeights,
  heap: Heap,
): Draft {
  const placed = placeLayers(table, height, width)
  const slopes = new SlopeArrays(heap, Math.max(...placed.map(({ shape }) => shape.channels)))
  const builder = new PlanBuilder(placed, weights, slopes)
  const { commands, arena, input, output } = builder.build({ height, width, channels: 3 })
  const last = placed.at(-1)!
  return {
    commands,
    arenaBytes: arena.bytes,
    input,
    output,
    inputBytes: bytesOf({ height, width, channels: 3 }),
    outputBytes: bytesOf(last.shape),
    outputShape: dimensionsOf(last),
  }
}

class PlanBuilder {
  readonly #placed: readonly PlacedLayer[]
  readonly #weights: PlacedWeights
  readonly #slopes: SlopeArrays
  readonly #arena = new Arena()
  readonly #commands: Relative[] = []
  /** Offsets in the arena of outputs that are still read, and how often. */
  readonly #outputs = new Map<string, Picture & { reads: number }>()

  constructor(placed: readonly PlacedLayer[], weights: PlacedWeights, slopes: SlopeArrays) {
    this.#placed = placed
    this.#weights = weights
    this.#slopes = slopes
  }

  build(inputShape: Shape) {
    const input = this.#arena.take(bytesOf(inputShape))
    // The input is written from outside, before each run: its place is never another's.
    const reads = Number.POSITIVE_INFINITY
    this.#outputs.set(networkInput, { offset: input, shape: inputShape, keepsMost: false, reads })
    const done = new Set<string>()
    for (const [index, placed] of this.#placed.entries()) {
      if (done.has(placed.layer.name)) continue
      const fused = this.#fusedWith(index)
      for (const { layer } of fused) done.add(layer.name)
      this.#add(placed, fused)
    }
    const last = this.#placed.at(-1)!.layer.name
    return {
      commands: this.#commands,
      arena: this.#arena,
      input,
      output: this.#outputs.get(last)!.offset,
    }
  }

  /** What follows a layer and goes into it: a sum with something that is there already, or an activation. */
  #fusedWith(index: number): PlacedLayer[] {
    const { layer, shape } = this.#placed[index]!
    if (layer.op !== 'conv' && layer.op !== 'depthwise' && layer.op !== 'gate') return []
    if (layer.op === 'conv' && layer.activation !== 'linear') return []
    const readers = this.#placed.filter(({ inputs }) => inputs.includes(layer.name))
    const [reader] = readers
    if (readers.length !== 1 || reader === undefined) return []
    const activates = reader.layer.op === 'prelu' || reader.layer.op === 'relu'
    if (activates) return layer.op === 'gate' ? [] : [reader]
    if (reader.layer.op !== 'add' || reader.inputs.length !== 2) return []
    if (layer.op === 'depthwise') return []
    if (layer.op === 'gate' && reader.layer.activation !== 'linear') return []
    const other = reader.inputs.find((name) => name !== layer.name)
    const there = other === undefined ? undefined : this.#outputs.get(other)
    return there !== undefined && isSameShape(there.shape, shape) ? [reader] : []
  }

  #add(placed: PlacedLayer, fused: readonly PlacedLayer[]): void {
    const { layer, inputs, shape } = placed
    const outcome = (fused.at(-1) ?? placed).layer.name
    const output = this.#arena.take(mostBehind(0, shape) + mostBytes)
    const sum = fused.find(({ layer: { op } }) => op === 'add')
    const round = sum?.inputs.find((name) => name !== layer.name)
    const readers = this.#placed.filter((reader) => reader.inputs.includes(outcome))
    const step: Step = {
      isScaled: readers.some((reader) => reader.layer.op === 'conv'),
      ...{ placed, fused, output, weights: this.#weights, slopes: this.#slopes },
      inputs: inputs.map((name) => this.#outputs.get(name)!),
      residual: round === undefined ? null : this.#outputs.get(round)!.offset,
      scratch: (...bytes) => this.#scratch(...bytes),
    }
    this.#commands.push(...layerCommands(step))
    for (const name of round === undefined ? inputs : [...inputs, round]) this.#release(name)
    const keepsMost = keepers.has(layer.op) && shape.channels % lanes === 0
    // A sum of something with itself reads it twice.
    const read = readers.flatMap((reader) => reader.inputs.filter((name) => name === outcome))
    const reads = Math.max(read.length, 1)
    this.#outputs.set(outcome, { offset: output, shape, keepsMost, reads })
  }

  #release(name: string): void {
    const output = this.#outputs.get(name)!
    if (--output.reads > 0) return
    this.#arena.give(output.offset)
    this.#outputs.delete(name)
  }

  /** Places that are free again once one command has run. @param bytes of each */
  #scratch<const Bytes extends readonly number[]>(...bytes: Bytes) {
    const offsets = bytes.map((size) => this.#arena.take(size))
    for (const offset of offsets) this.#arena.give(offset)
    return offsets as { [Place in keyof Bytes]: number }
  }
}

function isSameShape(a: Shape, b: Shape): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels
}
