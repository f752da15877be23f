/** Kernels that compute in float32 against the plain definition in JavaScript, bit for bit. */
import { describe, expect, it } from 'vitest'
import { kernelFile } from '../../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../../scripts/setup/node-engine.ts'
import { type Command, writeCommands } from '../../src/network/plan/commands.ts'
import { startKernelHeap } from '../support/networks/kernel-heap.ts'
import { randomNumbers } from '../support/random.ts'

const { memory, kernels, take, put, clear } = await startKernelHeap(64)

function run(command: Command, length: number, output: number): Float32Array {
  expect(kernels.runPlan(put(writeCommands([command])), 1)).toBe(-1)
  return new Float32Array(memory.buffer.slice(output, output + length * 4))
}

/** The largest of the four numbers that a kernel kept. */
function kept(most: number): number {
  return Math.max(...new Float32Array(memory.buffer, most, 4))
}

const largestOf = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

const add = (a: number, b: number): number => Math.fround(a + b)
const times = (a: number, b: number): number => Math.fround(a * b)

interface Depthwise {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly stride: number
  readonly before: number
  readonly outHeight: number
  readonly outWidth: number
}

const at = (values: Float32Array, i: number): number => values[i]!

/** Products summed in the order of the filter's places. */
function depthwisePlainly(
  { height, width, channels, stride, before, outHeight, outWidth }: Depthwise,
  [x, weights, bias, slopes]: readonly [Float32Array, Float32Array, Float32Array, Float32Array],
): Float32Array {
  return Float32Array.from({ length: outHeight * outWidth * channels }, (_, i) => {
    const c = i % channels
    const column = Math.floor(i / channels) % outWidth
    const row = Math.floor(i / channels / outWidth)
    let sum = at(bias, c)
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const [y, z] = [row * stride - before + a, column * stride - before + b]
        if (y < 0 || z < 0 || y >= height || z >= width) continue
        const product = times(
          at(weights, (a * 3 + b) * channels + c),
          at(x, (y * width + z) * channels + c),
        )
        sum = add(sum, product)
      }
    }
    return sum > 0 ? sum : times(sum, at(slopes, c))
  })
}

describe('depthwise', () => {
  const sides = [1, 2, 3, 5, 6, 16, 33]
  const cases = sides.flatMap((height) =>
    sides.flatMap((width) =>
      [1, 2].flatMap((stride) =>
        [4, 6, 12, 24].flatMap((channels) =>
          (Math.min(height, width) < 3 ? [1] : [0, 1]).map((before) => ({
            ...{ height, width, stride, channels, before },
          })),
        ),
      ),
    ),
  )
  const name = '$height x $width, stride $stride, $channels channels, border $before: as defined'
  it.each(cases)(name, (sizes) => {
    clear()
    const { height, width, stride, channels, before } = sizes
    const sided = (side: number): number => Math.floor((side + 2 * before - 3) / stride) + 1
    const outSides = { outHeight: sided(height), outWidth: sided(width) }
    const x = randomNumbers(height * width * channels, height * 40 + width)
    const weights = randomNumbers(9 * channels, channels)
    const bias = randomNumbers(channels, stride)
    // Some above 1 where the picture is high.
    const slopes = randomNumbers(channels, 5).map((slope) => (height > 4 ? 2 * slope : slope))
    const wanted = depthwisePlainly({ ...sizes, ...outSides }, [
      ...([x, weights, bias, slopes] as const),
    ])
    const padded = (values: Float32Array): number => {
      const whole = new Float32Array(values.length + 4)
      whole.set(values)
      return put(whole)
    }
    const output = take((wanted.length + 8) * 4)
    const most = take(16)
    const got = run(
      {
        name: 'depthwise',
        ...{ ...sizes, ...outSides, output, most, top: before, left: before },
        ...{ kernelHeight: 3, kernelWidth: 3, x: put(x), weights: padded(weights) },
        ...{ bias: padded(bias), slopes: padded(slopes) },
      },
      wanted.length,
      output,
    )
    expect(got).toEqual(wanted)
    if (channels % 8 === 0) expect(kept(most)).toBe(largestOf(wanted))
  })
})

it('constants lie below 1024, where the data of the backend begins whose memory it is', async () => {
  const own = new WebAssembly.Memory({ initial: 1 })
  new WebAssembly.Instance(await compileWasm(kernelFile), { env: { memory: own } })
  const bytes = new Uint8Array(own.buffer)
  expect(bytes.findLastIndex((byte) => byte !== 0)).toBeLessThan(1024)
  expect(bytes.findIndex((byte) => byte !== 0)).toBeGreaterThanOrEqual(16)
})

describe('gate, add and pools', () => {
  const channels = 16
  const pixels = 35
  const length = pixels * channels

  it('gate: a picture times its gates, with what goes round it, and the largest number kept', () => {
    clear()
    const [x, round] = [randomNumbers(length, 1), randomNumbers(length, 2)]
    const gates = randomNumbers(channels, 3)
    const [output, most] = [take(length * 4), take(16)]
    const squashed = take(channels * 4)
    const fields = { x: put(x), pixels, channels, output, most, squashed, isClamped: 0 }
    const gated = run({ name: 'gate', ...fields, gates: put(gates), residual: 0 }, length, output)
    // The gates themselves, from the picture of ones.
    const ones = run(
      {
        ...{ name: 'gate', ...fields, x: put(new Float32Array(length).fill(1)) },
        ...{ gates: put(gates), residual: 0 },
      },
      length,
      output,
    )
    for (const [c, gate] of gates.entries()) {
      expect(Math.abs(ones[c]! - 1 / (1 + Math.exp(-gate)))).toBeLessThan(1e-6)
    }
    expect(gated).toEqual(x.map((value, i) => times(value, at(ones, i % channels))))
    const both = run(
      { name: 'gate', ...fields, gates: put(gates), residual: put(round) },
      length,
      output,
    )
    const wanted = gated.map((value, i) => add(value, at(round, i)))
    expect(both).toEqual(wanted)
    expect(kept(most)).toBe(largestOf(wanted))
  })

  it('gate: or times what of its gates lies between 0 and 1', () => {
    clear()
    const x = randomNumbers(length, 1)
    const gates = Float32Array.from({ length: channels }, (_, c) => (c - 5) / 6)
    const [output, most] = [take(length * 4), take(16)]
    const fields = { x: put(x), pixels, channels, output, most, residual: 0 }
    const given = { gates: put(gates), squashed: take(channels * 4) }
    const gated = run({ name: 'gate', ...fields, ...given, isClamped: 1 }, length, output)
    const wanted = x.map((value, i) => times(value, Math.min(1, Math.max(0, gates[i % channels]!))))
    expect(gated).toEqual(wanted)
    expect(kept(most)).toBe(largestOf(wanted))
  })

  it('add keeps the largest number of the sum', () => {
    clear()
    const [a, b] = [randomNumbers(length, 4), randomNumbers(length, 5)]
    const [output, most] = [take(length * 4), take(16)]
    const sum = run(
      { name: 'add', a: put(a), b: put(b), c: 0, d: 0, length, slope: 0.5, output, most },
      length,
      output,
    )
    const wanted = a.map((value, i) => {
      const y = add(value, at(b, i))
      return y > 0 ? y : times(y, 0.5)
    })
    expect(sum).toEqual(wanted)
    expect(kept(most)).toBe(largestOf(wanted))
  })

  it('maxPool keeps NaN wherever in the window it lies, and the largest number of the others', () => {
    for (const bad of [-1, 0, 4, 8]) {
      clear()
      const x = randomNumbers(9 * 8, 6)
      if (bad >= 0) x[bad * 8 + 3] = Number.NaN
      const [output, most] = [take(8 * 4), take(16)]
      const got = run(
        {
          ...{ name: 'maxPool', x: put(x), height: 3, width: 3, channels: 8, output, most },
          ...{ size: 3, stride: 1, top: 0, left: 0, outHeight: 1, outWidth: 1 },
        },
        8,
        output,
      )
      const wanted = Float32Array.from({ length: 8 }, (_, c) =>
        Math.max(...Array.from({ length: 9 }, (_, pixel) => at(x, pixel * 8 + c))),
      )
      expect(got).toEqual(wanted)
      if (bad < 0) expect(kept(most)).toBe(largestOf(wanted))
    }
  })

  it('globalAverage: the mean of each channel, sixteen at a time and the rest', () => {
    clear()
    const wide = 24
    const x = randomNumbers(pixels * wide, 7)
    const output = take(wide * 4)
    const got = run(
      { name: 'globalAverage', x: put(x), pixels, channels: wide, output },
      wide,
      output,
    )
    const wanted = Float32Array.from({ length: wide }, (_, c) => {
      let sum = 0
      for (let pixel = 0; pixel < pixels; pixel++) sum = add(sum, at(x, pixel * wide + c))
      return times(sum, Math.fround(1 / pixels))
    })
    expect(got).toEqual(wanted)
  })
})
