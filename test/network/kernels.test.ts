/** The integer kernels against the plain definition in JavaScript, bit for bit. */
import { describe, expect, it } from 'vitest'
import { type Command, tileSumsBytes, writeCommands } from '../../src/network/plan/commands.ts'
import { largestInput, largestWeight } from '../../src/network/plan/integers.ts'
import { startKernelHeap } from '../support/networks/kernel-heap.ts'
import { seededRandom } from '../support/random.ts'

const { memory, kernels, take, put, clear } = await startKernelHeap(512)

interface Case {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly out: number
  /** Whole numbers in floats, the largest of them `range`. */
  readonly x: Float32Array
  /** [3, 3, channels, out] */
  readonly weights: Int16Array
  readonly range: number
}

function draw(seed: number, sides: readonly [number, number], channels: number, out: number): Case {
  const random = seededRandom(seed)
  const [height, width] = sides
  const isExtreme = seed % 3 === 0
  const mostWeight = isExtreme ? 511 : 1 + Math.floor(random() * 200)
  const range = Math.min(largestInput, Math.floor((2 ** 31 - 1) / (4 * 9 * channels * mostWeight)))
  const x = Float32Array.from({ length: height * width * channels }, () => {
    if (isExtreme) return random() < 0.5 ? -range : range
    return Math.round((random() * 2 - 1) * range)
  })
  x[Math.floor(random() * x.length)] = range
  const weights = Int16Array.from({ length: 9 * channels * out }, () => {
    if (isExtreme) return random() < 0.5 ? -mostWeight : mostWeight
    return Math.round((random() * 2 - 1) * mostWeight)
  })
  return { height, width, channels, out, x, weights, range }
}

/** As the definition has it. Sums stay below 2^53. */
function plainly({ height, width, channels, out, x, weights }: Case): Float32Array {
  const y = new Float32Array(height * width * out)
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let o = 0; o < out; o++) {
        let sum = 0
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++) {
            const [row, column] = [i + a - 1, j + b - 1]
            if (row < 0 || column < 0 || row >= height || column >= width) continue
            for (let c = 0; c < channels; c++) {
              sum +=
                x[(row * width + column) * channels + c]! *
                weights[((a * 3 + b) * channels + c) * out + o]!
            }
          }
        }
        y[(i * width + j) * out + o] = sum
      }
    }
  }
  return y
}

function run(command: Command, { height, width, out }: Case, output: number): Float32Array {
  expect(kernels.runPlan(put(writeCommands([command])), 1)).toBe(-1)
  return new Float32Array(memory.buffer.slice(output, output + height * width * out * 4))
}

function shared({ height, width, channels, out, x, range }: Case) {
  const fill = (value: number): number => put(new Float32Array(out).fill(value))
  return {
    ...{ x: put(x), height, width, channels, out, range, residual: 0 },
    ...{ scale: fill(1), bias: fill(0), slopes: fill(1), output: take(height * width * out * 4) },
    picture: take((height + 4) * (width + 4) * channels * 2),
    xMost: 0,
    most: take(16),
  }
}

/** The largest of the four numbers that a kernel kept. */
function kept(most: number): number {
  return Math.max(...new Float32Array(memory.buffer, most, 4))
}

const largestOf = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

function byWinograd(
  drawn: Case,
  tileRows: number,
  rest: { slopes?: number; xMost?: number; most?: number } = {},
): Float32Array {
  const { channels, out, width } = drawn
  const weights = take(16 * channels * out * 2)
  kernels.winograd23Weights(put(drawn.weights), channels, out, weights)
  const tiles = tileRows * ((width + 1) >> 1)
  const fields = shared(drawn)
  const products = take(16 * tiles * channels * 2)
  const sums = take(16 * tiles * out * 4)
  return run(
    { name: 'winograd23', ...fields, weights, products, sums, tileRows, ...rest },
    drawn,
    fields.output,
  )
}

function directly(
  drawn: Case,
  rest: { residual?: number; slopes?: number; xMost?: number; most?: number } = {},
): Float32Array {
  const { height, width, channels, out } = drawn
  const runPairs = Math.ceil((3 * channels) / 2)
  const weights = take(Math.ceil(out / 8) * 3 * runPairs * 32)
  kernels.packPanels(put(drawn.weights), 3, 3 * channels, out, runPairs, weights)
  const fields = shared(drawn)
  const border = { top: 1, bottom: 1, left: 1, right: 1, stride: 1, kernelHeight: 3 }
  return run(
    {
      name: 'direct16',
      ...{ ...fields, ...border, runPairs, weights },
      ...{ starts: take(height * width * 4), outHeight: height, outWidth: width, rest: take(256) },
      ...rest,
    },
    drawn,
    fields.output,
  )
}

/** A 1x1 convolution as the definition has it. */
function pointwise({ channels, out, x, weights }: Case): Float32Array {
  return Float32Array.from({ length: (x.length / channels) * out }, (_, i) => {
    const pixel = Math.floor(i / out)
    let sum = 0
    for (let c = 0; c < channels; c++) {
      sum += x[pixel * channels + c]! * weights[c * out + (i % out)]!
    }
    return sum
  })
}

function directlyPointwise(
  drawn: Case,
  rest: { residual?: number; slopes?: number; most?: number } = {},
): Float32Array {
  const { height, width, channels, out } = drawn
  const runPairs = Math.ceil(channels / 2)
  const weights = take(Math.ceil(out / 8) * runPairs * 32)
  kernels.packPanels(put(drawn.weights), 1, channels, out, runPairs, weights)
  const fields = shared(drawn)
  const border = { top: 0, bottom: 0, left: 0, right: 0, stride: 1, kernelHeight: 1 }
  return run(
    {
      name: 'direct16',
      ...{ ...fields, ...border, runPairs, weights, slopes: 0 },
      ...{ starts: take(height * width * 4), outHeight: height, outWidth: width, rest: take(256) },
      ...rest,
    },
    drawn,
    fields.output,
  )
}

/** As many pairs of pixels at a time as `rows`. Nothing is written behind the sums of two tiles, which is the room that a plan leaves. */
function byStrassen(
  drawn: Case,
  rows: number,
  rest: { residual?: number; slopes?: number; xMost?: number; most?: number } = {},
): Float32Array {
  const { channels, out } = drawn
  const weights = take((7 / 2) * channels * out)
  kernels.strassenWeights(put(drawn.weights), channels, out, weights)
  const { height, width, picture: _, ...fields } = shared(drawn)
  const behind = new Float32Array(64).fill(0.5)
  const sums = put(new Float32Array((2 * tileSumsBytes) / 4 + behind.length).fill(0.5))
  const scratch = { operands: take(7 * rows * channels), sums }
  const output = run(
    {
      name: 'strassen',
      ...{ ...fields, ...scratch, pixels: height * width, weights, rows, slopes: 0 },
      ...rest,
    },
    drawn,
    fields.output,
  )
  expect(new Float32Array(memory.buffer, sums + 2 * tileSumsBytes, behind.length)).toEqual(behind)
  return output
}

/** 1x1 filters as large as rounding ever makes them, or random ones, with the largest inputs that their sums leave room for. */
function drawPointwise(
  seed: number,
  sides: readonly [number, number],
  channels: number,
  out: number,
) {
  const drawn = draw(seed, sides, channels, out)
  const random = seededRandom(seed)
  const most = seed % 3 === 0 ? largestWeight : 500
  const weights = Int16Array.from({ length: channels * out }, () => {
    if (seed % 3 === 0) return random() < 0.5 ? -most : most
    return Math.round((random() * 2 - 1) * most)
  })
  const range = Math.min(largestInput, Math.floor((2 ** 31 - 1) / (channels * most)))
  const x = drawn.x.map((value) => Math.round((value / drawn.range) * range))
  return { ...drawn, weights, range, x }
}

describe('strassen', () => {
  it.each([
    [[1, 1], 16, 16, 1],
    [[1, 2], 16, 32, 1],
    [[1, 3], 32, 16, 2],
    [[7, 7], 48, 16, 25],
    [[8, 8], 64, 32, 5],
    [[5, 13], 80, 48, 4],
    [[16, 9], 128, 16, 8],
  ] as const)(
    '%j, %d to %d, %d pairs at a time: the same bits as plain sums',
    (sides, channels, out, rows) => {
      for (const seed of [9, 10]) {
        clear()
        const drawn = drawPointwise(seed, sides, channels, out)
        expect(byStrassen(drawn, rows)).toEqual(pointwise(drawn))
      }
    },
  )

  it('is the same to the bit as direct16 with what goes round it, slopes, scale and bias', () => {
    clear()
    const drawn = drawPointwise(11, [9, 11], 64, 48)
    const random = seededRandom(12)
    const draws = (length: number): number =>
      put(Float32Array.from({ length }, () => random() * 2 - 1))
    for (const slopes of [0, draws(48), put(new Float32Array(48).fill(1.5))]) {
      const rest = { residual: draws(9 * 11 * 48), scale: draws(48), bias: draws(48), slopes }
      const [most, other] = [take(16), take(16)]
      const wanted = directlyPointwise(drawn, { ...rest, most })
      expect(byStrassen(drawn, 8, { ...rest, most: other })).toEqual(wanted)
      expect(kept(other)).toBe(kept(most))
      expect(kept(other)).toBe(largestOf(wanted))
    }
  })

  it('stops at a number that is not finite', () => {
    clear()
    const drawn = drawPointwise(1, [4, 4], 16, 16)
    drawn.x[77] = Number.NaN
    const { picture: _, ...fields } = shared(drawn)
    const scratch = { weights: 0, operands: 0, sums: 0, rows: 1, pixels: 16 }
    const commands = writeCommands([{ name: 'strassen', ...fields, ...scratch }])
    expect(kernels.runPlan(put(commands), 1)).toBe(0)
  })
})

describe('winograd23 and direct16', () => {
  const sides = [
    [1, 1],
    [1, 2],
    [2, 1],
    [3, 3],
    [4, 4],
    [5, 8],
    [8, 5],
    [17, 17],
    [35, 3],
  ] as const
  const channelCounts = [
    [8, 8],
    [16, 8],
    [8, 24],
    [64, 16],
  ] as const
  const cases = sides.flatMap((side, i) =>
    channelCounts.map(([channels, out], j) => ({ side, channels, out, seed: i * 10 + j })),
  )
  it.each(cases)('$side, $channels to $out: the same bits as plain sums', (args) => {
    clear()
    const drawn = draw(args.seed, args.side, args.channels, args.out)
    const wanted = plainly(drawn)
    expect(directly(drawn)).toEqual(wanted)
    for (const tileRows of [1, 2, 9]) expect(byWinograd(drawn, tileRows)).toEqual(wanted)
  })

  it.each([
    [[3, 5], 3, 12],
    [[7, 9], 1, 17],
    [[40, 33], 12, 4],
  ] as const)('%j, %d to %d: direct16 where channels fill no vector', (side, channels, out) => {
    clear()
    const drawn = draw(4, side, channels, out)
    expect(directly(drawn)).toEqual(plainly(drawn))
  })

  it('direct16 adds what goes round it, then takes slopes where they are given', () => {
    clear()
    const drawn = draw(5, [9, 7], 8, 12)
    const random = seededRandom(6)
    const round = Float32Array.from({ length: 9 * 7 * 12 }, () => Math.round(random() * 1e6 - 5e5))
    const slopes = Float32Array.from({ length: 16 }, (_, c) => c / 16)
    const wanted = plainly(drawn).map((sum, i) => {
      const y = Math.fround(sum + round[i]!)
      return y > 0 ? y : y * slopes[i % 12]!
    })
    expect(directly(drawn, { residual: put(round), slopes: put(slopes) })).toEqual(wanted)
    const linear = plainly(drawn).map((sum, i) => sum + round[i]!)
    expect(directly(drawn, { residual: put(round), slopes: 0 })).toEqual(linear)
  })

  it.each([0.5, 1, 1.5])(
    'take slopes up to %d and keep the largest number without its sign',
    (top) => {
      clear()
      const drawn = draw(7, [9, 7], 8, 16)
      const slopes = Float32Array.from({ length: 16 }, (_, c) => (top * (c - 4)) / 11)
      const wanted = plainly(drawn).map((sum, i) => (sum > 0 ? sum : sum * slopes[i % 16]!))
      const most = take(16)
      expect(directly(drawn, { slopes: put(slopes), most })).toEqual(wanted)
      expect(kept(most)).toBe(largestOf(wanted))
      expect(directly(drawn, { slopes: put(slopes), most: 0 })).toEqual(wanted)
      const other = take(16)
      expect(byWinograd(drawn, 2, { slopes: put(slopes), most: other })).toEqual(wanted)
      expect(kept(other)).toBe(largestOf(wanted))
    },
  )

  it('scale by the largest number that is kept, where one is', () => {
    clear()
    const drawn = draw(8, [5, 6], 8, 8)
    const wanted = plainly(drawn)
    const xMost = put(Float32Array.of(1, drawn.range, 0, 2))
    expect(directly(drawn, { xMost })).toEqual(wanted)
    expect(byWinograd(drawn, 1, { xMost })).toEqual(wanted)
    const infinite = put(Float32Array.of(1, 2, Number.NaN, 3))
    const fields = { ...shared(drawn), weights: 0, products: 0, sums: 0, tileRows: 1 }
    const command = { name: 'winograd23', ...fields, xMost: infinite } as const
    expect(kernels.runPlan(put(writeCommands([command])), 1)).toBe(0)
  })

  it('round to the nearest whole number, the even one of two', () => {
    clear()
    const x = Float32Array.of(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.499, -3.501)
    const weights = new Int16Array(9 * 8 * 8)
    // The middle place passes each channel on.
    for (let c = 0; c < 8; c++) weights[4 * 64 + c * 8 + c] = 1
    const drawn = { height: 1, width: 1, channels: 8, out: 8, x, weights, range: 8191 }
    const xMost = put(new Float32Array(4).fill(8191))
    expect(Array.from(directly(drawn, { xMost }), (y) => y + 0)).toEqual([
      0, 2, 2, 0, -2, -2, 0, -4,
    ])
  })

  it.each([
    [[1, 1], 8, 8],
    [[40, 41], 64, 24],
    [[9, 31], 128, 12],
    [[3, 3], 6, 8],
  ] as const)(
    '%j, %d to %d, 1x1: a piece of the picture after the other',
    (sides, channels, out) => {
      clear()
      const drawn = draw(9, sides, channels, out)
      const weights = drawn.weights.slice(0, channels * out)
      const wanted = pointwise({ ...drawn, weights })
      expect(directlyPointwise({ ...drawn, weights })).toEqual(wanted)
    },
  )

  it('stop at a number that is not finite', () => {
    const drawn = draw(1, [4, 4], 8, 8)
    drawn.x[77] = Number.NaN
    const fields = { ...shared(drawn), weights: 0, products: 0, sums: 0, tileRows: 1 }
    const commands = writeCommands([{ name: 'winograd23', ...fields }])
    expect(kernels.runPlan(put(commands), 1)).toBe(0)
  })

  it('are the only commands that there are: another code stops the plan', () => {
    const commands = new Uint32Array(32).fill(99)
    expect(kernels.runPlan(put(commands), 1)).toBe(0)
  })
})
