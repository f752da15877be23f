/**
 * A table and its placed weights become a plan: a list of commands with every address filled in, made once for a size of the
 * input. What may be done in one go is: an activation or the way round a residual block goes into the convolution before it.
 */

import { dimensionsOf, type PlacedLayer, placeLayers, type Shape, slide } from '../shapes.ts'
import { type Layer, type NetworkTable, networkInput, outputChannels, slopeOf } from '../table.ts'
import { Arena } from './arena.ts'
import { type Command, writeCommands } from './commands.ts'
import type { Heap } from './heap.ts'
import type { PlacedLayerWeights, PlacedWeights } from './place-weights.ts'

/** What runs, by addresses on the heap. */
export interface Plan {
  readonly commands: number
  readonly count: number
  readonly input: number
  readonly inputBytes: number
  readonly output: number
  readonly outputBytes: number
  /** Of one picture, without the batch. */
  readonly outputShape: readonly number[]
}

/** Of tiles and sums of Winograd: what stays in the second cache. */
const blockBytes = 170 * 1024
/** Eight numbers for each pixel of a register tile, of which there are fewer than eight. */
const restBytes = 8 * 32

export function compilePlan(
  table: NetworkTable,
  [height, width]: readonly [number, number],
  weights: PlacedWeights,
  heap: Heap,
): Plan {
  const placed = placeLayers(table, height, width)
  const slopes = new SlopeArrays(heap, Math.max(...placed.map(({ shape }) => shape.channels)))
  const builder = new PlanBuilder(placed, weights, slopes)
  const { commands, arena, input, output } = builder.build({ height, width, channels: 3 })
  const base = heap.take(arena.bytes)
  const moved = commands.map((command) => command(base))
  const last = placed.at(-1)!
  return {
    commands: heap.put(writeCommands(moved)),
    count: moved.length,
    input: base + input,
    inputBytes: bytesOf({ height, width, channels: 3 }),
    output: base + output,
    outputBytes: bytesOf(last.shape),
    outputShape: dimensionsOf(last),
  }
}

/** A command once it is known where the arena lies. */
type Relative = (base: number) => Command

/** Slopes that are the same in all channels, shared by all layers. */
class SlopeArrays {
  readonly #heap: Heap
  readonly #length: number
  readonly #addresses = new Map<number, number>()

  constructor(heap: Heap, channels: number) {
    this.#heap = heap
    this.#length = Math.ceil(channels / 8) * 8
  }

  of(slope: number): number {
    const known = this.#addresses.get(slope)
    if (known !== undefined) return known
    const address = this.#heap.put(new Float32Array(this.#length).fill(slope))
    this.#addresses.set(slope, address)
    return address
  }
}

class PlanBuilder {
  readonly #placed: readonly PlacedLayer[]
  readonly #weights: PlacedWeights
  readonly #slopes: SlopeArrays
  readonly #arena = new Arena()
  readonly #commands: Relative[] = []
  /** Offsets in the arena of outputs that are still read, and how often. */
  readonly #outputs = new Map<string, { offset: number; reads: number }>()
  readonly #shapes = new Map<string, Shape>()

  constructor(placed: readonly PlacedLayer[], weights: PlacedWeights, slopes: SlopeArrays) {
    this.#placed = placed
    this.#weights = weights
    this.#slopes = slopes
  }

  build(inputShape: Shape) {
    const input = this.#arena.take(bytesOf(inputShape))
    this.#shapes.set(networkInput, inputShape)
    // The input is written from outside, before each run: its place is never another's.
    this.#outputs.set(networkInput, { offset: input, reads: Number.POSITIVE_INFINITY })
    for (const { layer, shape } of this.#placed) this.#shapes.set(layer.name, shape)
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
    if (layer.op !== 'conv' && layer.op !== 'depthwise') return []
    if (layer.op === 'conv' && layer.activation !== 'linear') return []
    const readers = this.#placed.filter(({ inputs }) => inputs.includes(layer.name))
    const [reader] = readers
    if (readers.length !== 1 || reader === undefined) return []
    if (reader.layer.op === 'prelu' || reader.layer.op === 'relu') return [reader]
    if (layer.op !== 'conv' || reader.layer.op !== 'add' || reader.inputs.length !== 2) return []
    const other = reader.inputs.find((name) => name !== layer.name)
    const isThere = other !== undefined && this.#outputs.has(other)
    return isThere && isSameShape(this.#shapes.get(other)!, shape) ? [reader] : []
  }

  #add(placed: PlacedLayer, fused: readonly PlacedLayer[]): void {
    const { layer, inputs, shape } = placed
    const outcome = fused.at(-1) ?? placed
    const output = this.#arena.take(bytesOf(shape))
    const from = inputs.map((name) => this.#outputs.get(name)!.offset)
    const sum = fused.find(({ layer: { op } }) => op === 'add')
    const round = sum?.inputs.find((name) => name !== layer.name)
    const residual = round === undefined ? null : this.#outputs.get(round)!.offset
    this.#command({ placed, fused, from, output, residual })
    const reads = this.#placed.filter(({ inputs }) => inputs.includes(outcome.layer.name)).length
    for (const name of round === undefined ? inputs : [...inputs, round]) this.#release(name)
    this.#outputs.set(outcome.layer.name, { offset: output, reads: Math.max(reads, 1) })
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

  #command({ placed, fused, from, output, residual }: Step): void {
    const { layer, shape, inputs } = placed
    const x = from[0]!
    const { height, width, channels } = this.#shapes.get(inputs[0]!)!
    const push = (command: Relative): void => void this.#commands.push(command)
    switch (layer.op) {
      case 'conv':
        this.#convolve({ placed, fused, from, output, residual })
        break
      case 'depthwise': {
        const weights = floatsOf(this.#weights, layer.name)
        const [kernelHeight, kernelWidth] = layer.kernel
        const slopes = this.#slopesOf(layer, fused)
        const top = slide(layer.padding, height, kernelHeight, layer.stride).before
        const left = slide(layer.padding, width, kernelWidth, layer.stride).before
        push((base) => ({
          name: 'depthwise',
          x: base + x,
          ...{ height, width, channels, kernelHeight, kernelWidth, top, left, slopes },
          ...{ weights: weights.weights, bias: weights.bias, stride: layer.stride },
          ...{ output: base + output, outHeight: shape.height, outWidth: shape.width },
        }))
        break
      }
      case 'maxPool':
      case 'avgPool':
      case 'l2Pool': {
        const padding = layer.op === 'l2Pool' ? 'valid' : layer.padding
        const name = (
          { maxPool: 'maxPool', avgPool: 'averagePool', l2Pool: 'squarePool' } as const
        )[layer.op]
        const { size, stride } = layer
        const top = slide(padding, height, size, stride).before
        const left = slide(padding, width, size, stride).before
        push((base) => ({
          name,
          x: base + x,
          ...{ height, width, channels, size, stride, top, left },
          ...{ output: base + output, outHeight: shape.height, outWidth: shape.width },
        }))
        break
      }
      case 'globalAverage':
        push((base) => ({
          name: 'globalAverage',
          x: base + x,
          pixels: height * width,
          channels,
          output: base + output,
        }))
        break
      case 'dense':
      case 'project': {
        const { weights, bias } = floatsOf(this.#weights, layer.name)
        push((base) => ({
          name: 'dense',
          x: base + x,
          in: layer.in,
          out: outputChannels(layer),
          weights,
          bias,
          output: base + output,
        }))
        break
      }
      case 'add': {
        const [a, b, c, d] = from
        const place = (base: number, offset: number | undefined): number =>
          offset === undefined ? 0 : base + offset
        push((base) => ({
          name: 'add',
          ...{ a: place(base, a), b: place(base, b), c: place(base, c), d: place(base, d) },
          length: Math.ceil((height * width * channels) / 4) * 4,
          slope: slopeOf[layer.activation],
          output: base + output,
        }))
        break
      }
      case 'relu':
      case 'prelu': {
        const slopes =
          layer.op === 'relu' ? this.#slopes.of(0) : floatsOf(this.#weights, layer.name).weights
        push((base) => ({
          name: 'activate',
          x: base + x,
          pixels: height * width,
          channels,
          slopes,
          output: base + output,
        }))
        break
      }
      case 'gate': {
        const gates = from[1]!
        push((base) => ({
          name: 'gate',
          x: base + x,
          gates: base + gates,
          pixels: height * width,
          channels,
          output: base + output,
        }))
        break
      }
      case 'enlarge': {
        const { factor } = layer
        push((base) => ({
          name: 'enlarge',
          ...{ x: base + x, height, width, channels, factor, output: base + output },
        }))
        break
      }
      case 'localResponseNorm': {
        const { window, alpha, k } = layer
        const [squares] = this.#scratch((channels + window) * 4)
        push((base) => ({
          name: 'localResponseNorm',
          ...{
            x: base + x,
            output: base + output,
            squares: base + squares,
            pixels: height * width,
          },
          ...{ channels, window, scale: alpha / window, k },
        }))
        break
      }
      case 'l2Normalise':
        push((base) => ({
          name: 'l2Normalise',
          x: base + x,
          length: channels,
          output: base + output,
        }))
        break
      case 'flatten':
        this.#copyInto(x, { height, width, channels }, output, shape, 0)
        break
      case 'appendZeros':
        this.#zero(output, shape)
        this.#copyInto(x, { height, width, channels }, output, shape, 0)
        break
      case 'surroundWithZeros': {
        this.#zero(output, shape)
        const corner = (layer.before * shape.width + layer.before) * shape.channels * 4
        this.#copyInto(x, { height, width, channels }, output, shape, corner)
        break
      }
      case 'concat': {
        let behind = 0
        for (const [i, name] of inputs.entries()) {
          const part = this.#shapes.get(name)!
          this.#copyInto(from[i]!, part, output, shape, behind)
          behind += part.channels * 4
        }
        break
      }
    }
  }

  #zero(output: number, shape: Shape): void {
    this.#commands.push((base) => ({ name: 'zero', output: base + output, bytes: bytesOf(shape) }))
  }

  /** A picture into a larger one, from `offset` bytes on. */
  #copyInto(
    x: number,
    { height, width, channels }: Shape,
    output: number,
    whole: Shape,
    offset: number,
  ): void {
    const isFlat =
      whole.height === 1 && whole.width === 1 && whole.channels === height * width * channels
    const pixelBytes = channels * 4
    const outputPixelBytes = isFlat ? pixelBytes : whole.channels * 4
    const outputRowBytes = isFlat ? width * pixelBytes : whole.width * whole.channels * 4
    this.#commands.push((base) => ({
      name: 'copy',
      ...{
        x: base + x,
        output: base + output + offset,
        height,
        width,
        pixelBytes,
        outputPixelBytes,
        outputRowBytes,
      },
    }))
  }

  #convolve({ placed, fused, from, output, residual }: Step): void {
    const { layer, shape, inputs } = placed
    if (layer.op !== 'conv') throw new Error(`${layer.name} is no convolution`)
    const weights = this.#weights.get(layer.name)
    if (weights === undefined || weights.kind === 'float')
      throw new Error(`${layer.name} has no whole numbers`)
    const { height, width, channels } = this.#shapes.get(inputs[0]!)!
    const slopes = this.#slopesOf(layer, fused)
    const { scale, bias, range } = weights
    const shared = {
      height,
      width,
      channels,
      out: layer.out,
      weights: weights.weights,
      scale,
      bias,
      slopes,
      range,
    }
    const places = (base: number) => ({
      x: base + from[0]!,
      output: base + output,
      residual: residual === null ? 0 : base + residual,
    })
    if (weights.kind === 'winograd23') {
      const tilesWide = (width + 1) >> 1
      const tilesHigh = (height + 1) >> 1
      const rowBytes = 16 * tilesWide * (2 * channels + 4 * layer.out)
      const tileRows = Math.max(1, Math.min(tilesHigh, Math.floor(blockBytes / rowBytes)))
      const tiles = tileRows * tilesWide
      const pictureBytes = (2 * tilesHigh + 2) * (2 * tilesWide + 2) * channels * 2
      const [picture, products, sums] = this.#scratch(
        pictureBytes,
        16 * tiles * channels * 2,
        16 * tiles * layer.out * 4,
      )
      this.#commands.push((base) => ({
        name: 'winograd23',
        ...{ ...shared, ...places(base), tileRows },
        ...{ picture: base + picture, products: base + products, sums: base + sums },
      }))
      return
    }
    const [kernelHeight, kernelWidth] = weights.kernel
    const isTrimmed = kernelHeight !== layer.kernel[0]
    const padding = isTrimmed ? 'valid' : layer.padding
    const rows = slide(padding, height, kernelHeight, layer.stride)
    const columns = slide(padding, width, kernelWidth, layer.stride)
    const paddedHeight = rows.before + height + rows.after
    const paddedWidth = columns.before + width + columns.after
    const [picture, starts, rest] = this.#scratch(
      paddedHeight * paddedWidth * channels * 2,
      shape.height * shape.width * 4,
      restBytes,
    )
    this.#commands.push((base) => ({
      name: 'direct16',
      ...{
        ...shared,
        ...places(base),
        // Nothing to activate.
        slopes: slopes === this.#slopes.of(1) ? 0 : slopes,
        kernelHeight,
        runPairs: weights.runPairs,
        stride: layer.stride,
      },
      ...{ top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
      ...{ outHeight: shape.height, outWidth: shape.width },
      ...{ picture: base + picture, starts: base + starts, rest: base + rest },
    }))
  }

  /** Slopes of what is negative, of the layer itself or of what went into it. */
  #slopesOf(layer: Layer, fused: readonly PlacedLayer[]): number {
    const last = fused.at(-1)?.layer ?? layer
    if (last.op === 'prelu') return floatsOf(this.#weights, last.name).weights
    if (last.op === 'relu') return this.#slopes.of(0)
    const activation = 'activation' in last ? last.activation : 'linear'
    return this.#slopes.of(slopeOf[activation])
  }
}

interface Step {
  readonly placed: PlacedLayer
  readonly fused: readonly PlacedLayer[]
  /** Offsets of the inputs. */
  readonly from: readonly number[]
  readonly output: number
  readonly residual: number | null
}

function floatsOf(weights: PlacedWeights, name: string): PlacedLayerWeights & { kind: 'float' } {
  const placed = weights.get(name)
  if (placed?.kind !== 'float') throw new Error(`${name} has no weights in float32`)
  return placed
}

function bytesOf({ height, width, channels }: Shape): number {
  return height * width * channels * 4
}

function isSameShape(a: Shape, b: Shape): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels
}
