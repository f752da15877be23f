import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readCsv } from '../../scripts/weights/csv.ts'
import { importWeights } from '../../scripts/weights/import-weights.ts'
import { toTfjsOrder } from '../../src/network/fold.ts'
import { csvTensors, isWeighted, type NetworkTable } from '../../src/network/table.ts'
import { countOf } from '../support/pack-in-memory.ts'
import { readSource } from '../support/source-networks.ts'

const folders = vi.hoisted(() => ({ root: '' }))
// Written to a folder of its own, and only the two small networks: the large one takes seconds.
vi.mock('../../scripts/weights/networks.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../scripts/weights/networks.ts')>()
  return {
    ...original,
    networks: original.networks.filter(({ name }) => name !== 'dlib-resnet'),
    get weightsDir() {
      return `${folders.root}/weights`
    },
    get buildDir() {
      return `${folders.root}/build`
    },
  }
})

let detector: NetworkTable
beforeAll(async () => {
  folders.root = await mkdtemp(join(tmpdir(), 'facegate-import-'))
  detector = (await import('../../src/face/networks/tiny-face-detector.ts')).tinyFaceDetector
})
afterAll(() => rm(folders.root, { recursive: true }))

const weightsOf = (network: string, file = ''): string =>
  join(folders.root, 'weights', network, file)

// In this order: each test finds what the one before left.
describe('importWeights', () => {
  it('writes one CSV a tensor, and nothing else', async () => {
    expect(await importWeights()).toEqual(['tiny-face-detector', 'face-landmark-68'])
    expect(await readdir(weightsOf('tiny-face-detector'))).toEqual(
      csvTensors(detector)
        .map(({ name }) => `${name}.csv`)
        .sort(),
    )
  })

  it('writes one line of numbers, as many as the shape has', async () => {
    for (const { name, shape } of csvTensors(detector)) {
      const text = await readFile(weightsOf('tiny-face-detector', `${name}.csv`), 'utf8')
      expect(text).toMatch(/^[^\n]+\n$/)
      expect(text.split(',')).toHaveLength(countOf(shape))
    }
  })

  it('gives every float32 of the source back bit for bit', async () => {
    const source = readSource('tiny_face_detector_model')
    const names: Record<string, string> = {
      conv0_w: 'conv0/filters',
      conv3_w: 'conv3/pointwise_filter',
      conv3_depthwise_w: 'conv3/depthwise_filter',
      conv5_b: 'conv5/bias',
      conv8_w: 'conv8/filters',
      conv8_b: 'conv8/bias',
    }
    const tensors = csvTensors(detector)
    for (const [name, sourceName] of Object.entries(names)) {
      const { shape } = tensors.find((tensor) => tensor.name === name)!
      const path = weightsOf('tiny-face-detector', `${name}.csv`)
      const { values, faults } = await readCsv(path, countOf(shape))
      expect(faults).toEqual([])
      const layer = detector.layers.find((candidate) => `${candidate.name}_w` === name)
      const ordered = layer && isWeighted(layer) ? toTfjsOrder(layer, values) : values
      const wanted = source.get(sourceName)!.values
      expect(Buffer.from(ordered.buffer).equals(Buffer.from(wanted.buffer)), name).toBe(true)
    }
  })

  it('flattens a convolution as [out, in, height, width]', async () => {
    const source = readSource('tiny_face_detector_model').get('conv0/filters')!
    const text = await readFile(weightsOf('tiny-face-detector', 'conv0_w.csv'), 'utf8')
    const numbers = text.split(',').map(Number)
    // Output channel 5, input channel 2, row 1, column 0; the source is [height, width, in, out].
    const csvPlace = ((5 * 3 + 2) * 3 + 1) * 3 + 0
    const sourcePlace = ((1 * 3 + 0) * 3 + 2) * 16 + 5
    expect(Math.fround(numbers[csvPlace]!)).toBe(source.values[sourcePlace])
  })

  it('leaves a network alone whose source has not changed', async () => {
    const file = weightsOf('tiny-face-detector', 'conv8_b.csv')
    const { mtimeMs } = await stat(file)
    expect(await importWeights()).toEqual([])
    expect((await stat(file)).mtimeMs).toBe(mtimeMs)
  })

  it('writes a network again of which a file is missing', async () => {
    await rm(weightsOf('tiny-face-detector', 'conv8_b.csv'))
    expect(await importWeights()).toEqual(['tiny-face-detector'])
    expect(await readdir(weightsOf('tiny-face-detector'))).toContain('conv8_b.csv')
  })

  it('deletes no file that it did not write', async () => {
    const extra = weightsOf('face-landmark-68', 'extra.csv')
    await writeFile(extra, '1\n')
    await importWeights()
    expect(await readFile(extra, 'utf8')).toBe('1\n')
  })

  it('writes a network again whose source was another one', async () => {
    const stamp = join(folders.root, 'build', 'imported', 'tiny-face-detector.json')
    const { files } = JSON.parse(await readFile(stamp, 'utf8'))
    await writeFile(stamp, JSON.stringify({ hash: 'of another source', files }))
    expect(await importWeights()).toEqual(['tiny-face-detector'])
  })
})
