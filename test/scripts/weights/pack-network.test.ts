import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { toCsv } from '../../../scripts/weights/csv.ts'
import { packNetwork, readIndex, WeightFaults } from '../../../scripts/weights/pack-network.ts'
import { nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { disposeNetwork, loadNetwork } from '../../../src/network/load.ts'
import { runNetwork } from '../../../src/network/run.ts'
import { maxShardBytes } from '../../../src/network/shards.ts'
import { csvTensors, type NetworkTable } from '../../../src/network/table.ts'
import { countOf, randomWeights, type Tensors } from '../../support/networks/pack-in-memory.ts'
import { deleteRoots, makeRoot, ownShards, ownWeights } from '../../support/places/weights-root.ts'
import { sharedOpenFace } from '../../support/references/shared-openface.ts'

// The shards of the project stay as they are: what is packed here goes to a folder of its own.
vi.mock('../../../scripts/weights/networks.ts', async (importOriginal) => {
  const { inOwnRoot } = await import('../../support/places/weights-root.ts')
  return inOwnRoot(await importOriginal<object>(), ['shardsDir'])
})

const table: NetworkTable = {
  name: 'made-up',
  input: { size: 2, sizeIs: 'multiple', mean: [0, 0, 0], divisor: 1 },
  layers: [
    {
      op: 'conv',
      name: 'stem',
      in: 3,
      out: 2,
      kernel: [1, 1],
      stride: 1,
      padding: 'valid',
      norm: { kind: 'scale', name: 'stem_scale' },
      activation: 'relu',
    },
    { op: 'globalAverage', name: 'average' },
    { op: 'dense', name: 'fc', in: 2, out: 3, bias: true },
  ],
}

let weights: string
let tensors: Tensors

async function writeWeights(network: NetworkTable = table): Promise<void> {
  await mkdir(weights, { recursive: true })
  for (const { name } of csvTensors(network)) {
    await writeFile(join(weights, `${name}.csv`), toCsv(tensors.get(name)!))
  }
}

beforeEach(async () => {
  weights = join(await makeRoot(), table.name)
  tensors = randomWeights(table)
  await writeWeights()
})
afterAll(deleteRoots)

const pack = (precision: 'uint8' | 'float16' | 'float32' = 'uint8') =>
  packNetwork({ table, folder: weights, precision })

async function faultsOf(packing: Promise<unknown>): Promise<WeightFaults> {
  const error: unknown = await packing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(WeightFaults)
  return error as WeightFaults
}

describe('packNetwork', () => {
  it('writes shards and an index that loads and runs', async () => {
    const { index, packed } = await pack('float32')
    expect(packed).toBe(true)
    expect(await readdir(ownShards())).toEqual(['made-up-0.bin', 'made-up.json'])
    expect(await readIndex('made-up')).toEqual(index)
    expect(index).toMatchObject({ format: 1, network: 'made-up', precision: 'float32' })
    const { nodeAssets } = await import('../../../scripts/setup/node-engine.ts')
    await startBackend((await nodeAssets()).backend)
    const network = await loadNetwork(table, {
      index,
      readShardFile: async (file) => new Uint8Array(await readFile(join(ownShards(), file))).buffer,
    })
    const pixel = [0.5, -0.25, 1]
    const { values } = runNetwork(
      network,
      Float32Array.from([...pixel, ...pixel, ...pixel, ...pixel]),
      [1, 2, 2],
    )
    const t = (name: string): Float32Array => tensors.get(name)!
    const stem = [0, 1].map((o) => {
      const sum = pixel.reduce(
        (total, x, i) => total + x * t('stem_w')[o * 3 + i]!,
        t('stem_b')[o]!,
      )
      return Math.max(0, sum * t('stem_scale_w')[o]! + t('stem_scale_b')[o]!)
    })
    const wanted = [0, 1, 2].map((o) =>
      stem.reduce((total, x, i) => total + x * t('fc_w')[o * 2 + i]!, t('fc_b')[o]!),
    )
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5)
    })
    disposeNetwork(network)
  })

  it('leaves alone what has not changed, and packs again what has', async () => {
    const first = await pack()
    const shard = join(ownShards(), 'made-up-0.bin')
    const { mtimeMs } = await stat(shard)
    const second = await pack()
    expect(second).toEqual({ index: first.index, packed: false })
    expect((await stat(shard)).mtimeMs).toBe(mtimeMs)

    expect((await pack('float16')).packed).toBe(true)
    await writeFile(join(weights, 'fc_b.csv'), '1,2,3\n')
    const changed = await pack('float16')
    expect(changed.packed).toBe(true)
    expect(changed.index.weightsHash).not.toBe(first.index.weightsHash)
  })

  it('gives other weights another hash, and the same weights the same', async () => {
    const { index } = await pack()
    await rm(ownShards(), { recursive: true })
    expect((await pack()).index).toEqual(index)
    await writeFile(join(weights, 'stem_b.csv'), '0.5,0.25\n')
    expect((await pack()).index.weightsHash).not.toBe(index.weightsHash)
  })

  it('lists everything that is wrong in one error: missing, extra, counts, words', async () => {
    await rm(join(weights, 'stem_scale_w.csv'))
    await rm(join(weights, 'fc_w.csv'))
    await writeFile(join(weights, 'stem_old.csv'), '1\n')
    await writeFile(join(weights, 'stem_w.csv'), '1,2,3,4,5\n')
    await writeFile(join(weights, 'stem_b.csv'), '1,none\n')
    await writeFile(join(weights, 'fc_b.csv'), '1,,nan,4\n')
    const error = await faultsOf(pack())
    expect(error.name).toBe('WeightFaults')
    expect([...error.faults].sort()).toEqual([
      'fc_b.csv: holds 4 numbers, expected 3, shape [3]',
      'fc_b.csv: number 2 is an empty field, expected a finite decimal number, shape [3]',
      'fc_b.csv: number 3 is "nan", expected a finite decimal number, shape [3]',
      'fc_w.csv is missing, expected shape [3, 2]',
      'stem_b.csv: number 2 is "none", expected a finite decimal number, shape [2]',
      'stem_old.csv is read by nothing in made-up, expected no such file',
      'stem_scale_w.csv is missing, expected shape [2]',
      'stem_w.csv: holds 5 numbers, expected 6, shape [2, 3, 1, 1]',
    ])
    expect(error.message).toBe(`${weights}: 8 faults\n  ${error.faults.join('\n  ')}`)
  })

  it('lists faults in the files too when none is missing', async () => {
    await writeFile(join(weights, 'stem_w.csv'), '1,2,3\n')
    await writeFile(join(weights, 'fc_b.csv'), '1,2,x\n')
    const { faults } = await faultsOf(pack())
    expect(faults).toEqual([
      'stem_w.csv: holds 3 numbers, expected 6, shape [2, 3, 1, 1]',
      'fc_b.csv: number 3 is "x", expected a finite decimal number, shape [3]',
    ])
  })

  it('says one fault in the singular', async () => {
    await rm(join(weights, 'fc_b.csv'))
    expect((await faultsOf(pack())).message).toBe(
      `${weights}: 1 fault\n  fc_b.csv is missing, expected shape [3]`,
    )
  })

  it('misses a folder that is not there as a whole, and so an empty one', async () => {
    await rm(weights, { recursive: true })
    await expect(pack()).rejects.toThrow(`${weights}: there is no such folder`)
    await mkdir(weights)
    await expect(pack()).rejects.toThrow(
      `${weights}: there is none of the ${csvTensors(table).length} CSV files of made-up`,
    )
  })

  it('checks the files that no layer reads, and does not miss them', async () => {
    const wider = { ...table, unreadCsv: [{ name: 'old_m', shape: [2] }] }
    const packWider = () => packNetwork({ table: wider, folder: weights, precision: 'uint8' })
    expect((await packWider()).packed).toBe(true)
    await writeFile(join(weights, 'old_m.csv'), '1,2\n')
    expect((await packWider()).packed).toBe(true)
    await writeFile(join(weights, 'old_m.csv'), '1,inf\n')
    expect((await faultsOf(packWider())).faults).toEqual([
      'old_m.csv: number 2 is "inf", expected a finite decimal number, shape [2]',
    ])
  })

  it.skipIf(!existsSync(sharedOpenFace))(
    'lists the five files that are absent from the published nn4.small2, with their shapes',
    async () => {
      const packing = packNetwork({
        table: nn4Small2OpenFace,
        folder: sharedOpenFace,
        precision: 'uint8',
      })
      expect((await faultsOf(packing)).message).toBe(
        [
          `${sharedOpenFace}: 5 faults`,
          'inception_3c_3x3_conv2_w.csv is missing, expected shape [256, 128, 3, 3]',
          'inception_4e_3x3_conv2_w.csv is missing, expected shape [256, 160, 3, 3]',
          'inception_5a_3x3_conv2_w.csv is missing, expected shape [384, 96, 3, 3]',
          'inception_5a_1x1_conv_w.csv is missing, expected shape [256, 1024, 1, 1]',
          'inception_5b_3x3_conv2_w.csv is missing, expected shape [384, 96, 3, 3]',
        ].join('\n  '),
      )
      await expect(readdir(ownShards())).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )

  it('passes over hidden files', async () => {
    await writeFile(join(weights, '.DS_Store'), 'x')
    expect((await pack()).packed).toBe(true)
  })

  it('writes nothing when something is wrong, and keeps what was packed before', async () => {
    const { index } = await pack()
    await writeFile(join(weights, 'fc_b.csv'), 'x\n')
    await faultsOf(pack())
    expect(await readIndex('made-up')).toEqual(index)
    expect(await readdir(ownShards())).toEqual(['made-up-0.bin', 'made-up.json'])
  })

  it('spreads over shards of at most 4 MiB', async () => {
    const big: NetworkTable = {
      ...table,
      name: 'big',
      layers: [1, 2].map((n) => ({
        op: 'dense' as const,
        name: `fc${n}`,
        in: 1000,
        out: 600,
        bias: false,
      })),
    }
    weights = join(ownWeights(), 'big')
    await mkdir(weights)
    for (const { name, shape } of csvTensors(big)) {
      await writeFile(join(weights, `${name}.csv`), `${'1,'.repeat(countOf(shape) - 1)}1\n`)
    }
    const { index } = await packNetwork({ table: big, folder: weights, precision: 'float32' })
    expect(index.shards.map(({ file }) => file)).toEqual(['big-0.bin', 'big-1.bin'])
    for (const { file, bytes } of index.shards) {
      expect((await stat(join(ownShards(), file))).size).toBe(bytes)
      expect(bytes).toBeLessThanOrEqual(maxShardBytes)
    }
    // Smaller: one shard, and no second one is left over.
    const smaller = await packNetwork({ table: big, folder: weights, precision: 'float16' })
    expect(smaller.index.shards).toHaveLength(1)
    expect(await readdir(ownShards())).toEqual(['big-0.bin', 'big.json'])
  })

  it('does not touch the shards of a network whose name begins alike', async () => {
    await pack()
    const alike: NetworkTable = { ...table, name: 'made' }
    await packNetwork({ table: alike, folder: weights, precision: 'uint8' })
    expect(await readdir(ownShards())).toEqual([
      'made-0.bin',
      'made-up-0.bin',
      'made-up.json',
      'made.json',
    ])
  })
})
