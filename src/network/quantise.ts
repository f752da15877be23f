/**
 * How the numbers of a filter are kept in a shard, and how they come back. Written and read here, side by side.
 *
 * float32  the folded filter itself
 * float16  the folded filter, rounded to half precision
 * palette  one byte a number, an index into at most 256 float32 levels shared by the tensor, and the gain of each
 *          output channel: a source that was quantised to bytes itself comes back bit for bit
 * grid     one byte a number: output channel c holds min[c] + step[c] * byte of the folded filter
 * integer  two bytes a number: output channel c holds step[c] * a whole number, of ten bits and a sign where Winograd's way is open
 *
 * Precision `integer` takes for a convolution what the kernels compute in: the palette where the source is whole numbers times
 * one step, else `integer`. Other layers, which run in floats, are kept as `float16` unless a palette gives them back exactly.
 */
import {
  directLevels,
  type IntegerFilter,
  latticeOf,
  packedLevels,
  roundFilter,
} from './plan/integers.ts'
import type { PackedFilter } from './plan/place-filter.ts'

export const precisions = ['integer', 'uint8', 'float16', 'float32'] as const
export type Precision = (typeof precisions)[number]
export type Encoding = 'palette' | 'grid' | 'integer' | 'float16' | 'float32'

/** What a filter is for: a 3x3 convolution, which may run by Winograd's way; any other convolution; a layer in floats. */
export type FilterUse = 'conv' | 'direct' | 'other'

export interface QuantisedFilter {
  readonly encoding: Encoding
  /** Number of palette levels; 0 for the other encodings. */
  readonly levels: number
  readonly bytes: Uint8Array
}

/**
 * @param filter output channel fastest, before the gain
 * @param gain [channels]
 */
export function quantise(
  filter: Float32Array,
  gain: Float32Array,
  precision: Precision,
  op: FilterUse = 'conv',
): QuantisedFilter {
  if (precision === 'integer') return quantiseAsIntegers(filter, gain, op)
  if (precision === 'float32') {
    return { encoding: 'float32', levels: 0, bytes: bytesOf(applyGain(filter, gain)) }
  }
  if (precision === 'float16') {
    return {
      encoding: 'float16',
      levels: 0,
      bytes: bytesOf(new Float16Array(applyGain(filter, gain))),
    }
  }
  const palette = paletteOf(filter)
  return palette
    ? quantiseByPalette(filter, gain, palette)
    : quantiseByGrid(applyGain(filter, gain), gain.length)
}

function quantiseAsIntegers(
  filter: Float32Array,
  gain: Float32Array,
  op: FilterUse,
): QuantisedFilter {
  const palette = paletteOf(filter)
  if (palette && (op === 'other' || latticeOf(palette))) {
    return quantiseByPalette(filter, gain, palette)
  }
  if (op === 'other') return quantise(filter, gain, 'float16')
  const folded = applyGain(filter, gain)
  const levels = op === 'conv' ? packedLevels : directLevels(folded, gain.length)
  const { weights, steps } = roundFilter(folded, gain.length, levels)
  return { encoding: 'integer', levels: 0, bytes: join(steps, weights) }
}

/** A convolution's filter, from which whole numbers come: exact where it is kept so, to be rounded where it is not. */
export function readFilter(
  quantised: QuantisedFilter,
  count: number,
  channels: number,
): PackedFilter {
  const { encoding, levels, bytes } = quantised
  if (encoding === 'integer') return { kind: 'whole', ...readWhole(bytes, count, channels) }
  const lattice =
    encoding === 'palette' ? latticeOf(new Float32Array(copyOf(bytes, 0, levels * 4))) : null
  if (lattice === null) {
    return { kind: 'floats', filter: dequantise(quantised, count, channels) }
  }
  const gain = new Float32Array(copyOf(bytes, levels * 4, channels * 4))
  return {
    kind: 'codes',
    codes: bytes.subarray((levels + channels) * 4),
    levels: lattice.weights,
    steps: gain.map((value) => value * lattice.step),
  }
}

function readWhole(bytes: Uint8Array, count: number, channels: number): IntegerFilter {
  return {
    steps: new Float32Array(copyOf(bytes, 0, channels * 4)),
    weights: new Int16Array(copyOf(bytes, channels * 4, count * 2)),
  }
}

/** The folded filter. `count` is its number of values, `channels` its output channels. */
export function dequantise(
  { encoding, levels, bytes }: QuantisedFilter,
  count: number,
  channels: number,
): Float32Array {
  if (encoding === 'float32') return new Float32Array(copyOf(bytes, 0, count * 4))
  if (encoding === 'float16') return new Float32Array(new Float16Array(copyOf(bytes, 0, count * 2)))
  if (encoding === 'integer') {
    const { weights, steps } = readWhole(bytes, count, channels)
    return Float32Array.from(weights, (weight, i) => weight * steps[i % channels]!)
  }
  const values = new Float32Array(count)
  const [firstLength, secondLength] =
    encoding === 'palette' ? [levels, channels] : [channels, channels]
  const first = new Float32Array(copyOf(bytes, 0, firstLength * 4))
  const second = new Float32Array(copyOf(bytes, firstLength * 4, secondLength * 4))
  const codes = bytes.subarray((firstLength + secondLength) * 4)
  let channel = 0
  for (let i = 0; i < count; i++) {
    const code = codes[i]!
    values[i] =
      encoding === 'palette'
        ? first[code]! * second[channel]!
        : first[channel]! + second[channel]! * code
    if (++channel === channels) channel = 0
  }
  return values
}

/** Bytes that a filter takes in a shard. */
export function quantisedLength(
  encoding: Encoding,
  levels: number,
  count: number,
  channels: number,
): number {
  switch (encoding) {
    case 'float32':
      return count * 4
    case 'float16':
      return count * 2
    case 'palette':
      return (levels + channels) * 4 + count
    case 'grid':
      return channels * 8 + count
    case 'integer':
      return channels * 4 + count * 2
  }
}

/** The distinct values in ascending order, or null when there are more than a byte can name. */
function paletteOf(filter: Float32Array): Float32Array | null {
  const distinct = new Set<number>()
  for (const value of filter) {
    distinct.add(value)
    if (distinct.size > 256) return null
  }
  return Float32Array.from(distinct).sort()
}

function quantiseByPalette(
  filter: Float32Array,
  gain: Float32Array,
  palette: Float32Array,
): QuantisedFilter {
  const codeOf = new Map(Array.from(palette, (level, code) => [level, code] as const))
  const codes = Uint8Array.from(filter, (value) => codeOf.get(value)!)
  return { encoding: 'palette', levels: palette.length, bytes: join(palette, gain, codes) }
}

function quantiseByGrid(folded: Float32Array, channels: number): QuantisedFilter {
  const min = new Float32Array(channels).fill(Infinity)
  const max = new Float32Array(channels).fill(-Infinity)
  folded.forEach((value, i) => {
    const c = i % channels
    if (value < min[c]!) min[c] = value
    if (value > max[c]!) max[c] = value
  })
  const step = min.map((low, c) => (max[c]! - low) / 255)
  const codes = Uint8Array.from(folded, (value, i) => {
    const c = i % channels
    return step[c] === 0 ? 0 : Math.min(255, Math.round((value - min[c]!) / step[c]!))
  })
  return { encoding: 'grid', levels: 0, bytes: join(min, step, codes) }
}

function applyGain(filter: Float32Array, gain: Float32Array): Float32Array {
  return filter.map((value, i) => value * gain[i % gain.length]!)
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

/** A copy, since a section of a shard may start anywhere and typed arrays want their alignment. */
function copyOf(bytes: Uint8Array, offset: number, length: number): ArrayBuffer {
  return bytes.slice(offset, offset + length).buffer as ArrayBuffer
}

function join(...sections: ArrayBufferView[]): Uint8Array {
  const joined = new Uint8Array(sections.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let offset = 0
  for (const section of sections) {
    joined.set(bytesOf(section), offset)
    offset += section.byteLength
  }
  return joined
}
