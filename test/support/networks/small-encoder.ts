/**
 * An encoder small enough to run in a test, with seeded weights, for encodings of any length: 12x12 RGB -> numbers of length 1.
 * A "photo" for its engine is the chip, a byte a value, so that a whole request runs through a network without a face.
 */
import { encodeBothWays } from '../../../src/encoder/encode.ts'
import { type Encoder, encodingLengthOf } from '../../../src/engine/encoders.ts'
import type { FaceEngine } from '../../../src/engine/face-engine.ts'
import { assembleNetwork } from '../../../src/network/load.ts'
import { filterShape, isWeighted, type NetworkTable } from '../../../src/network/table.ts'
import { fakeFace, fakeQuality } from '../app/fake-engine.ts'
import { randomNumbers } from '../random.ts'

const size = 12
const channels = 8

/** The row of an encoder, as src/engine/encoders.ts has it. */
export function smallEncoder(length: number): Encoder {
  const table: NetworkTable = {
    name: `small-${length}`,
    input: { size, sizeIs: 'exact', mean: [128, 128, 128], divisor: 128 },
    layers: [
      {
        op: 'conv',
        name: 'conv',
        in: 3,
        out: channels,
        kernel: [3, 3],
        stride: 2,
        padding: 'same',
        activation: 'relu',
      },
      { op: 'flatten', name: 'flat' },
      { op: 'dense', name: 'dense', in: (size / 2) ** 2 * channels, out: length, bias: false },
      { op: 'l2Normalise', name: 'unit' },
    ],
  }
  return { name: table.name, parts: [{ table, chip: 'dlib' }], weights: 'seeded', licence: 'none' }
}

/** On the backend, which runs already. @param version last digit of its model's hash */
export function smallEngine({ parts: [{ table }] }: Encoder, version = 1): FaceEngine {
  const layers = table.layers.filter(isWeighted).map((layer, i) => {
    const count = filterShape(layer).reduce((product, side) => product * side, 1)
    const filter = randomNumbers(count, version * 100 + i)
    return {
      layer,
      integers: () => ({ kind: 'floats' as const, filter }),
      floats: () => filter,
      bias: null,
    }
  })
  const network = assembleNetwork(table, layers, `${table.name}@0000000${version}`)
  return {
    model: network.model,
    runsOn: 'plan',
    encodingLength: encodingLengthOf(table),
    async encode(photo) {
      const encoding = encodeBothWays(network, Float32Array.from(photo)).averaged
      return { encoding, face: fakeFace, quality: fakeQuality }
    },
    detect: async () => [],
  }
}

/** Two photos of one person differ a little, those of two people in everything. */
export function smallPhoto(person: number, photo: number): Uint8Array {
  const noise = randomNumbers(size * size * 3, person * 1000 + photo + 500_000)
  return Uint8Array.from(randomNumbers(size * size * 3, person + 1), (value, i) =>
    Math.round(127.5 + value * 115 + noise[i]! * 10),
  )
}
