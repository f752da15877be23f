import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readCsv } from '../../scripts/weights/csv.ts'
import { importWeights } from '../../scripts/weights/import-weights.ts'
import { toTfjsOrder } from '../../src/network/fold.ts'
import { csvTensors, isWeighted, type NetworkTable } from '../../src/network/table.ts'
import { countOf } from '../support/networks/pack-in-memory.ts'
import { deleteRoots, makeRoot, ownBuild, ownWeights } from '../support/places/weights-root.ts'
import { readSource } from '../support/references/source-networks.ts'
import { readDetector } from '../support/references/tflite-reference.ts'

// Written to a folder of its own, and only the two small networks: the large one takes seconds.
vi.mock('../../scripts/weights/networks.ts', async (importOriginal) => {
  const { inOwnRoot } = await import('../support/places/weights-root.ts')
  const original = await importOriginal<typeof import('../../scripts/weights/networks.ts')>()
  const networks = original.networks.filter(({ name }) => name !== 'dlib-resnet')
  return inOwnRoot({ ...original, networks }, ['weightsDir', 'buildDir'])
})

let detector: NetworkTable
let landmarks: NetworkTable
beforeAll(async () => {
  await makeRoot()
  detector = (await import('../../src/face/networks/blazeface-full-range.ts')).blazefaceFullRange
  landmarks = (await import('../../src/face/networks/face-landmark-68.ts')).faceLandmark68
})
afterAll(deleteRoots)

/** The numbers of a file, a filter in tfjs's order. */
async function readBack(table: NetworkTable, name: string): Promise<Float32Array> {
  const { shape } = csvTensors(table).find((tensor) => tensor.name === name)!
  const { values, faults } = await readCsv(weightsOf(table.name, `${name}.csv`), countOf(shape))
  expect(faults).toEqual([])
  const layer = table.layers.find((candidate) => `${candidate.name}_w` === name)
  return layer && isWeighted(layer) ? toTfjsOrder(layer, values) : values
}

const weightsOf = (network: string, file = ''): string => join(ownWeights(), network, file)

// In this order: each test finds what the one before left.
describe('importWeights', () => {
  it('writes one CSV a tensor, and nothing else', async () => {
    expect(await importWeights()).toEqual(['blazeface-full-range', 'face-landmark-68'])
    expect(await readdir(weightsOf('blazeface-full-range'))).toEqual(
      csvTensors(detector)
        .map(({ name }) => `${name}.csv`)
        .sort(),
    )
  })

  it('writes one line of numbers, as many as the shape has', async () => {
    for (const { name, shape } of csvTensors(detector)) {
      const text = await readFile(weightsOf('blazeface-full-range', `${name}.csv`), 'utf8')
      expect(text).toMatch(/^[^\n]+\n$/)
      expect(text.split(',')).toHaveLength(countOf(shape))
    }
  })

  it('gives every float32 of the source back bit for bit', async () => {
    const source = readSource('face_landmark_68_model')
    const names: Record<string, string> = {
      dense0_conv0_w: 'dense0/conv0/filters',
      dense1_conv2_w: 'dense1/conv2/pointwise_filter',
      dense1_conv2_depthwise_w: 'dense1/conv2/depthwise_filter',
      dense2_conv1_b: 'dense2/conv1/bias',
      fc_w: 'fc/weights',
      fc_b: 'fc/bias',
    }
    for (const [name, sourceName] of Object.entries(names)) {
      const values = await readBack(landmarks, name)
      const wanted = source.get(sourceName)!.values
      expect(Buffer.from(values.buffer).equals(Buffer.from(wanted.buffer)), name).toBe(true)
    }
  })

  it('gives every number of a TensorFlow Lite file back, half precision as float32', async () => {
    const { nodes, tensors } = readDetector()
    const [stem] = nodes.filter(({ op }) => op === 'Conv')
    const [first] = nodes.filter(({ op }) => op === 'DepthwiseConv')
    const valuesOf = (number: number | undefined) => tensors[number!]!.values!
    expect(await readBack(detector, 'stem_b')).toEqual(valuesOf(stem!.inputs[2]))
    expect(await readBack(detector, 'down0_conv0_depthwise_w')).toEqual(valuesOf(first!.inputs[1]))
    expect(await readBack(detector, 'down0_conv0_depthwise_b')).toEqual(valuesOf(first!.inputs[2]))
  })

  it('flattens a convolution as [out, in, height, width], whatever the order of its source', async () => {
    const source = readSource('face_landmark_68_model').get('dense0/conv0/filters')!
    const ours = await readCsv(weightsOf('face-landmark-68', 'dense0_conv0_w.csv'), 32 * 27)
    // Output channel 5, input channel 2, row 1, column 0; the source is [height, width, in, out].
    const csvPlace = ((5 * 3 + 2) * 3 + 1) * 3 + 0
    expect(ours.values[csvPlace]).toBe(source.values[((1 * 3 + 0) * 3 + 2) * 32 + 5])
    const { nodes, tensors } = readDetector()
    const stem = nodes.find(({ op }) => op === 'Conv')!
    const theirs = await readCsv(weightsOf('blazeface-full-range', 'stem_w.csv'), 32 * 27)
    // There it is [out, height, width, in].
    const place = ((5 * 3 + 1) * 3 + 0) * 3 + 2
    expect(theirs.values[csvPlace]).toBe(tensors[stem.inputs[1]!]!.values![place])
  })

  it('leaves a network alone whose source has not changed', async () => {
    const file = weightsOf('blazeface-full-range', 'score_b.csv')
    const { mtimeMs } = await stat(file)
    expect(await importWeights()).toEqual([])
    expect((await stat(file)).mtimeMs).toBe(mtimeMs)
  })

  it('writes a network again of which a file is missing', async () => {
    await rm(weightsOf('blazeface-full-range', 'score_b.csv'))
    expect(await importWeights()).toEqual(['blazeface-full-range'])
    expect(await readdir(weightsOf('blazeface-full-range'))).toContain('score_b.csv')
  })

  it('deletes no file that it did not write', async () => {
    const extra = weightsOf('face-landmark-68', 'extra.csv')
    await writeFile(extra, '1\n')
    await importWeights()
    expect(await readFile(extra, 'utf8')).toBe('1\n')
  })

  it('writes a network again whose source was another one', async () => {
    const stamp = join(ownBuild(), 'imported', 'blazeface-full-range.json')
    const { files } = JSON.parse(await readFile(stamp, 'utf8'))
    await writeFile(stamp, JSON.stringify({ hash: 'of another source', files }))
    expect(await importWeights()).toEqual(['blazeface-full-range'])
  })
})
