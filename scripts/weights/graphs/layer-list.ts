/**
 * A network while it is read from a graph: its layers with their numbers, in the order in which they run. What only scales and
 * shifts goes into the layer before it, where that has weights and nobody else reads it. Filters are [out, in, height, width].
 */
import {
  type ConvLayer,
  csvTensorsOf,
  isWeighted,
  type Layer,
  networkInput,
  outputChannels,
  readsOf,
} from '../../../src/network/table.ts'

/** What a layer gives: a picture, or a vector, which is a picture of one pixel. */
export interface Value {
  /** Name of the layer. */
  readonly layer: string
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly isVector: boolean
  /** Its shape in the file, of one picture. */
  readonly shape: readonly number[]
  /** Whether a picture has its channels last in the file too, as in a table. */
  readonly isLast: boolean
  /** Of a vector that was a picture: that picture, whose channels come first in the graph and last in a table. */
  readonly flattened?: { readonly places: number; readonly channels: number }
}

/** The numbers of a layer: filter or slopes, and bias. */
export interface Numbers {
  filter: Float32Array
  bias: Float32Array | null
}

type Op = Layer['op']
/** A layer without the name that it will get. */
export type Unnamed = Layer extends infer L ? (L extends Layer ? Omit<L, 'name'> : never) : never

export class LayerList {
  readonly layers: Layer[] = []
  readonly #numbers = new Map<string, Numbers>()
  readonly #counts = new Map<Op, number>()

  /** Adds a layer that reads `from`. Returns its name. */
  add(layer: Unnamed, from: Value | null, numbers?: Numbers): string {
    const count = (this.#counts.get(layer.op) ?? 0) + 1
    this.#counts.set(layer.op, count)
    const name = `${layer.op}_${count}`
    const isNext = from === null || from.layer === (this.layers.at(-1)?.name ?? networkInput)
    const reads = isNext ? {} : { from: from.layer }
    this.layers.push({ ...layer, ...reads, name } as Layer)
    if (numbers) this.#numbers.set(name, numbers)
    return name
  }

  /** Multiplies and shifts the output of a layer, channel by channel. Returns false where it has no weights to do it with. */
  scale(name: string, gain: Float32Array, shift: Float32Array): boolean {
    const at = this.layers.findIndex((layer) => layer.name === name)
    const layer = this.layers[at]
    const numbers = this.#numbers.get(name)
    if (!layer || !numbers || !isWeighted(layer) || layer.op === 'prelu') return false
    const perChannel = numbers.filter.length / gain.length
    numbers.filter = numbers.filter.map((value, i) => value * gain[Math.floor(i / perChannel)]!)
    const isShifted = numbers.bias !== null || shift.some((value) => value !== 0)
    if (isShifted) {
      numbers.bias = gain.map((value, c) => (numbers.bias?.[c] ?? 0) * value + shift[c]!)
      if (layer.op === 'dense' || layer.op === 'depthwise')
        this.layers[at] = { ...layer, bias: true }
    }
    return true
  }

  /** Multiplies each channel of the input: in the filters that read it, or in a layer before them. */
  scaleInput(gains: readonly number[]): void {
    const readers = this.layers.filter((_, i) => readsOf(this, i).includes(networkInput))
    if (readers.some(({ op }) => op !== 'conv')) {
      this.#scaleFirst(gains)
      return
    }
    for (const layer of readers) {
      const numbers = this.#numbers.get(layer.name)!
      const perInput = numbers.filter.length / gains.length / outputChannels(layer as ConvLayer)
      numbers.filter = numbers.filter.map(
        (value, i) => value * gains[Math.floor(i / perInput) % gains.length]!,
      )
    }
  }

  #scaleFirst(gains: readonly number[]): void {
    const name = 'colours'
    const renamed = (read: string): string => (read === networkInput ? name : read)
    for (const [i, layer] of this.layers.entries()) {
      if (layer.from === undefined) continue
      const from = typeof layer.from === 'string' ? renamed(layer.from) : layer.from.map(renamed)
      this.layers[i] = { ...layer, from } as Layer
    }
    const kernel = [1, 1] as const
    const channels = gains.length
    this.layers.unshift({ op: 'depthwise', name, channels, kernel, stride: 1, padding: 'valid' })
    this.#numbers.set(name, { filter: Float32Array.from(gains), bias: null })
  }

  /** By the names of the CSV files of `layers`, which are those of this list, perhaps under other names. */
  tensors(layers: readonly Layer[] = this.layers): Map<string, Float32Array> {
    const tensors = new Map<string, Float32Array>()
    for (const [i, layer] of layers.entries()) {
      if (!isWeighted(layer)) continue
      const { filter, bias } = this.#numbers.get(this.layers[i]!.name)!
      const filled = [filter, bias ?? new Float32Array(outputChannels(layer))]
      csvTensorsOf(layer).forEach(({ name, folder }, t) => {
        if (folder === undefined) tensors.set(name, filled[t]!)
      })
    }
    return tensors
  }
}
