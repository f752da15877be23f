import { beforeAll, describe, expect, it } from 'vitest'
import { dlibResnet } from '../../src/encoder/dlib-resnet.ts'
import { foldLayer, toTfjsOrder } from '../../src/network/fold.ts'
import { dequantise, type Encoding, quantise, quantisedLength } from '../../src/network/quantise.ts'
import { isWeighted, outputChannels } from '../../src/network/table.ts'
import { readWeights, type Tensors } from '../support/networks/pack-in-memory.ts'
import { randomNumbers, seededRandom } from '../support/random.ts'
import { readSource } from '../support/references/source-networks.ts'

const ones = (count: number): Float32Array => new Float32Array(count).fill(1)

/** Bit for bit, so that nothing passes for equal that is not; `toEqual` takes seconds for a million numbers. */
function isSame(a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean {
  const bytes = (view: ArrayBufferView) =>
    Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  return bytes(a).equals(bytes(b))
}

describe('the palette', () => {
  it('gives every float back bit for bit', () => {
    const extremes = [0, 1e-45, -1e-45, 1.17549435e-38, 3.4028235e38, -3.4028235e38, 0.1, -1 / 3]
    const levels = Float32Array.from([...extremes, ...randomNumbers(248, 1)])
    const random = seededRandom(2)
    const filter = Float32Array.from({ length: 5000 }, (_, i) =>
      i < 256 ? levels[i]! : levels[Math.floor(random() * 256)]!,
    )
    const packed = quantise(filter, ones(5), 'uint8')
    expect(packed).toMatchObject({ encoding: 'palette', levels: 256 })
    expect(isSame(dequantise(packed, 5000, 5), filter)).toBe(true)
  })

  it('multiplies by the gain of the output channel, the fastest index', () => {
    const packed = quantise(
      Float32Array.of(1, 2, 3, 1, 2, 3),
      Float32Array.of(1, 10, -100),
      'uint8',
    )
    expect(packed).toMatchObject({ encoding: 'palette', levels: 3 })
    expect(dequantise(packed, 6, 3)).toEqual(Float32Array.of(1, 20, -300, 1, 20, -300))
  })

  it('gives way to the grid at 257 different values', () => {
    const values = randomNumbers(257, 3)
    expect(quantise(values.slice(0, 256), ones(1), 'uint8').encoding).toBe('palette')
    expect(quantise(values, ones(1), 'uint8').encoding).toBe('grid')
  })
})

describe('the grid', () => {
  const channels = 4
  const gain = Float32Array.of(1, 20, -0.003, 0.5)
  const filter = randomNumbers(1000 * channels, 4)
  const folded = filter.map((value, i) => value * gain[i % channels]!)
  const packed = quantise(filter, gain, 'uint8')
  const back = dequantise(packed, filter.length, channels)

  it('is off by at most half a step of its channel', () => {
    expect(packed.encoding).toBe('grid')
    for (let c = 0; c < channels; c++) {
      const ofChannel = (values: Float32Array) => values.filter((_, i) => i % channels === c)
      const wanted = ofChannel(folded)
      const step = (Math.max(...wanted) - Math.min(...wanted)) / 255
      const errors = ofChannel(back).map((value, i) => Math.abs(value - wanted[i]!))
      expect(Math.max(...errors)).toBeLessThanOrEqual((step / 2) * 1.001)
      // Steps are used to the full: a coarser grid would be a waste, a finer one is not possible.
      expect(Math.max(...errors)).toBeGreaterThan(step * 0.45)
    }
  })

  it('gives smallest and largest value of a channel back', () => {
    for (let c = 0; c < channels; c++) {
      const wanted = folded.filter((_, i) => i % channels === c)
      const got = back.filter((_, i) => i % channels === c)
      expect(Math.min(...got)).toBe(Math.min(...wanted))
      expect(Math.max(...got)).toBeCloseTo(Math.max(...wanted), 5)
    }
  })

  it('keeps a channel that holds one value only', () => {
    const mixed = filter.map((value, i) => (i % channels === 2 ? 0.7 : value))
    const flat = dequantise(quantise(mixed, ones(channels), 'uint8'), mixed.length, channels)
    expect(flat.filter((_, i) => i % channels === 2).every((v) => v === Math.fround(0.7))).toBe(
      true,
    )
  })
})

describe('float16 and float32', () => {
  const filter = randomNumbers(600, 5)
  const gain = Float32Array.of(3, -0.2, 1)
  const folded = filter.map((value, i) => value * gain[i % 3]!)

  it('float32 is the folded filter, bit for bit', () => {
    const packed = quantise(filter, gain, 'float32')
    expect(packed).toMatchObject({ encoding: 'float32', levels: 0 })
    expect(isSame(dequantise(packed, 600, 3), folded)).toBe(true)
  })

  it('float16 is the folded filter rounded to half precision', () => {
    const packed = quantise(filter, gain, 'float16')
    expect(packed).toMatchObject({ encoding: 'float16', levels: 0 })
    const back = dequantise(packed, 600, 3)
    expect(back).toEqual(Float32Array.from(folded, (value) => Math.f16round(value)))
    expect(back).not.toEqual(folded)
  })
})

describe('quantisedLength', () => {
  const few = Float32Array.from({ length: 900 }, (_, i) => i % 7)
  const many = randomNumbers(900, 6)
  it.each<[Encoding, ReturnType<typeof quantise>]>([
    ['palette', quantise(few, ones(9), 'uint8')],
    ['grid', quantise(many, ones(9), 'uint8')],
    ['float16', quantise(many, ones(9), 'float16')],
    ['float32', quantise(many, ones(9), 'float32')],
  ])('is what %s takes', (encoding, packed) => {
    expect(packed.encoding).toBe(encoding)
    expect(quantisedLength(encoding, packed.levels, 900, 9)).toBe(packed.bytes.length)
  })
})

describe('sections of a shard', () => {
  it('may begin at any byte', () => {
    const filter = randomNumbers(1000, 7)
    for (const precision of ['uint8', 'float16', 'float32'] as const) {
      const packed = quantise(filter, ones(10), precision)
      const shifted = new Uint8Array(packed.bytes.length + 3)
      shifted.set(packed.bytes, 3)
      expect(dequantise({ ...packed, bytes: shifted.subarray(3) }, 1000, 10)).toEqual(
        dequantise(packed, 1000, 10),
      )
    }
  })
})

describe("dlib's filters as @vladmandic/face-api ships them", () => {
  const source = readSource('face_recognition_model')
  let csv: Tensors
  beforeAll(async () => {
    csv = await readWeights(dlibResnet)
  }, 60_000)

  it('survive CSV, fold and quantise: codes and values exactly where the source has bytes', () => {
    const encodings: string[] = []
    for (const layer of dlibResnet.layers.filter(isWeighted)) {
      const path = layer.name.replace(/_(conv\d)$/, '/$1')
      const { values, quantised } = source.get(
        layer.op === 'dense' ? path : `${path}/conv/filters`,
      )!
      const channels = outputChannels(layer)
      // On the way to disk and back nothing changed but the order.
      expect(isSame(toTfjsOrder(layer, csv.get(`${layer.name}_w`)!), values), path).toBe(true)
      const { filter, gain } = foldLayer(layer, csv)
      const packed = quantise(filter, gain, 'uint8')
      encodings.push(packed.encoding)
      if (!quantised) continue
      expect(packed.encoding).toBe('palette')
      const levels = new Float32Array(packed.bytes.slice(0, packed.levels * 4).buffer)
      const codes = packed.bytes.subarray((packed.levels + channels) * 4)
      const { scale, min } = quantised
      const sourceCodes = Array.from(levels, (level) => Math.round((level - min) / scale))
      const codesBack = codes.map((code) => sourceCodes[code]!)
      expect(isSame(codesBack, quantised.codes), path).toBe(true)
      expect(
        isSame(
          Float32Array.from(codes, (code) => levels[code]!),
          values,
        ),
        path,
      ).toBe(true)
      const gained = values.map((value, i) => value * gain[i % channels]!)
      expect(isSame(dequantise(packed, values.length, channels), gained), path).toBe(true)
    }
    // The eight filters of 64 channels are float32 in the source.
    expect(encodings.filter((encoding) => encoding === 'palette')).toHaveLength(22)
    expect(encodings.filter((encoding) => encoding === 'grid')).toHaveLength(8)
  })

  it('and every other tensor survive the CSV files', () => {
    const parts = { b: 'conv/bias', scale_w: 'scale/weights', scale_b: 'scale/biases' }
    let compared = 0
    for (const layer of dlibResnet.layers.filter(isWeighted)) {
      const path = layer.name.replace(/_(conv\d)$/, '/$1')
      for (const [suffix, part] of Object.entries(parts)) {
        const values = csv.get(`${layer.name}_${suffix}`)
        if (!values) continue
        expect(isSame(values, source.get(`${path}/${part}`)!.values), path).toBe(true)
        compared++
      }
    }
    expect(compared).toBe(3 * 29)
  })
})
