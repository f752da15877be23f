import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dataset, File, ready } from 'h5wasm/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { defaultKeys, readDataset, writeDataset } from '../../../scripts/photos/h5-dataset.ts'
import { seededRandom } from '../../support/random.ts'

const happyHouse = join(projectRoot, '..', 'shared', 'data', 'happy-house', 'test_happy.h5')
const happyKeys = { images: 'test_set_x', labels: 'test_set_y', classes: 'list_classes' }
const hasH5dump = spawnSync('h5dump', ['--version']).status === 0

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-h5-'))
})
afterAll(() => rm(folder, { recursive: true }))

const random = seededRandom(1)
const labelled = {
  images: Uint8Array.from({ length: 5 * 4 * 6 * 3 }, () => random() * 256),
  shape: [5, 4, 6, 3] as const,
  labels: [0, 2, 1, 1, 0],
  classes: ['ada', 'Zoë', 'bea lee'],
}

/** A file with these datasets, as another program might write it. */
async function fileWith(
  name: string,
  datasets: Readonly<Record<string, Parameters<File['create_dataset']>[0]['data']>>,
  shapes: Readonly<Record<string, number[]>> = {},
): Promise<string> {
  await ready
  const path = join(folder, name)
  const file = new File(path, 'w')
  for (const [key, data] of Object.entries(datasets)) {
    file.create_dataset({ name: key, data, ...(shapes[key] ? { shape: shapes[key] } : {}) })
  }
  file.close()
  return path
}

describe('writeDataset', () => {
  it('writes a file that is read back identical', async () => {
    const path = join(folder, 'same.h5')
    await writeDataset(path, labelled)
    const read = await readDataset(path)
    expect(Array.from(read.images)).toEqual(Array.from(labelled.images))
    expect({ ...read, images: null }).toEqual({ ...labelled, images: null })
  })

  it('writes no list of names where there is none, under the keys that are given', async () => {
    const path = join(folder, 'keys.h5')
    const keys = { images: 'faces', labels: 'who', classes: 'names' }
    await writeDataset(path, { ...labelled, classes: null }, keys)
    const read = await readDataset(path, keys)
    expect(read.classes).toBeNull()
    expect(read.labels).toEqual(labelled.labels)
  })

  it('overwrites a file, and leaves no part of one behind', async () => {
    const path = join(folder, 'twice.h5')
    await writeDataset(path, labelled)
    await writeDataset(path, { ...labelled, labels: [1, 1, 1, 1, 1] })
    expect((await readDataset(path)).labels).toEqual([1, 1, 1, 1, 1])
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/part$/))
  })

  it('makes the folder of the file, and says when it cannot', async () => {
    const path = join(folder, 'new', 'deep', 'made.h5')
    await writeDataset(path, labelled)
    expect((await readDataset(path)).labels).toEqual(labelled.labels)
    await expect(writeDataset(join(path, 'below.h5'), labelled)).rejects.toThrow('made.h5')
  })

  it.skipIf(!hasH5dump)('writes what h5dump reads, number for number', async () => {
    const path = join(folder, 'dump.h5')
    await writeDataset(path, labelled)
    const dump = (...args: string[]): string =>
      spawnSync('h5dump', [...args, path], { encoding: 'utf8' }).stdout
    const header = dump('-H')
    expect(header).toContain('H5T_STD_U8LE')
    expect(header).toContain('SIMPLE { ( 5, 4, 6, 3 ) / ( 5, 4, 6, 3 ) }')
    expect(header).toContain('H5T_STD_I64LE')
    const numbersOf = (key: string): number[] => {
      const data = /DATA \{([^}]*)\}/.exec(dump('-y', '-d', key))![1]!
      return data.split(',').map(Number)
    }
    expect(numbersOf('train_set_x')).toEqual(Array.from(labelled.images))
    expect(numbersOf('train_set_y')).toEqual(labelled.labels)
    // h5dump writes UTF-8 bytes as numbers.
    expect(dump('-d', 'list_classes')).toMatch(/"ada", "Zo[^"]+", "bea lee"/)
  })
})

describe('readDataset', () => {
  it.skipIf(!existsSync(happyHouse))("reads the exercise's test_happy.h5 whole", async () => {
    const { images, shape, labels, classes } = await readDataset(happyHouse, happyKeys)
    expect(shape).toEqual([150, 64, 64, 3])
    expect(images.length).toBe(150 * 64 * 64 * 3)
    const mean = images.reduce((sum, value) => sum + value, 0) / images.length
    expect(mean).toBeCloseTo(139.3, 1)
    expect(labels).toHaveLength(150)
    expect(new Set(labels)).toEqual(new Set([0, 1]))
    expect(classes).toEqual(['0', '1'])
  })

  it.skipIf(!existsSync(happyHouse))('lists what is in a file of other names', async () => {
    await expect(readDataset(happyHouse)).rejects.toThrow(
      `${happyHouse}: there is no dataset "train_set_x"; the file holds ` +
        'list_classes [2] int64, test_set_x [150, 64, 64, 3] uint8, test_set_y [150] int64',
    )
  })

  const images = new Uint8Array(2 * 4 * 4 * 3)
  const x = { [defaultKeys.images]: [2, 4, 4, 3] }

  it('takes labels as [1, N] and of any whole type, as the exercise has them', async () => {
    const path = await fileWith(
      'row.h5',
      { train_set_x: images, train_set_y: Uint8Array.from([1, 0]) },
      { ...x, train_set_y: [1, 2] },
    )
    expect((await readDataset(path)).labels).toEqual([1, 0])
  })

  it.each<
    [
      what: string,
      datasets: Record<string, Uint8Array | Float32Array | BigUint64Array>,
      shapes: Record<string, number[]>,
      fault: string,
    ]
  >([
    [
      'images of another rank',
      { train_set_x: images, train_set_y: Uint8Array.from([0, 1]) },
      { train_set_x: [2, 48] },
      '"train_set_x" is [2, 48] uint8, expected [N, H, W, 3] uint8; the file holds train_set_x [2, 48] uint8, train_set_y [2] uint8',
    ],
    [
      'one channel',
      { train_set_x: images, train_set_y: Uint8Array.from([0, 1]) },
      { train_set_x: [2, 12, 4, 1] },
      '"train_set_x" is [2, 12, 4, 1] uint8, expected [N, H, W, 3] uint8',
    ],
    [
      'images of another type',
      { train_set_x: new Float32Array(96), train_set_y: Uint8Array.from([0, 1]) },
      x,
      '"train_set_x" is [2, 4, 4, 3] float32, expected [N, H, W, 3] uint8',
    ],
    [
      'too few labels',
      { train_set_x: images, train_set_y: Uint8Array.from([0]) },
      x,
      '"train_set_y" is [1] uint8, expected 2 whole numbers',
    ],
    [
      'labels of another type',
      { train_set_x: images, train_set_y: Float32Array.from([0, 1]) },
      x,
      '"train_set_y" is [2] float32, expected 2 whole numbers',
    ],
    [
      'labels that would run into each other as numbers',
      { train_set_x: images, train_set_y: BigUint64Array.from([2n ** 60n, 2n ** 60n + 1n]) },
      x,
      '"train_set_y" holds 1152921504606847000, expected 0 to 9007199254740991',
    ],
    [
      'names that are no list',
      {
        train_set_x: images,
        train_set_y: Uint8Array.from([0, 1]),
        list_classes: Uint8Array.from([0, 1, 2, 3]),
      },
      { ...x, list_classes: [2, 2] },
      '"list_classes" is [2, 2] uint8, expected a list of names',
    ],
    ['no labels', { train_set_x: images }, x, 'there is no dataset "train_set_y"'],
    ['nothing', {}, {}, 'there is no dataset "train_set_x"; the file holds nothing'],
  ])('refuses %s, and lists what there is', async (what, datasets, shapes, fault) => {
    const path = await fileWith(`${what}.h5`, datasets, shapes)
    await expect(readDataset(path)).rejects.toThrow(`${path}: ${fault}`)
  })

  it('refuses a label that the list of names does not reach, or below 0', async () => {
    const path = join(folder, 'label.h5')
    await writeDataset(path, { ...labelled, labels: [0, 1, 2, 3, 0] })
    await expect(readDataset(path)).rejects.toThrow('"train_set_y" holds 3, expected 0 to 2')
    await writeDataset(path, { ...labelled, labels: [0, -1, 0, 0, 0], classes: null })
    await expect(readDataset(path)).rejects.toThrow('holds -1, expected 0 to 9007199254740991')
  })

  it('refuses a group where a dataset should be, and lists what groups hold', async () => {
    await ready
    const path = join(folder, 'group.h5')
    const file = new File(path, 'w')
    file.create_group('train_set_x')
    file.create_group('faces').create_dataset({ name: 'y', data: ['ada', 'bea'] })
    file.create_soft_link('/nowhere', 'gone')
    file.close()
    await expect(readDataset(path)).rejects.toThrow(
      'there is no dataset "train_set_x"; the file holds ' +
        'faces/y [2] text, gone, a link to nothing, the empty group train_set_x',
    )
    await expect(readDataset(path, { ...defaultKeys, images: 'gone' })).rejects.toThrow(
      'there is no dataset "gone"',
    )
    await expect(readDataset(path, { ...defaultKeys, images: 'faces/x' })).rejects.toThrow(
      'there is no dataset "faces/x"',
    )
  })

  it('takes the path of a dataset in a group as its key', async () => {
    await ready
    const path = join(folder, 'paths.h5')
    const file = new File(path, 'w')
    const group = file.create_group('faces')
    group.create_dataset({ name: 'x', data: images, shape: [2, 4, 4, 3] })
    group.create_dataset({ name: 'y', data: Uint8Array.from([3, 1]) })
    file.close()
    const keys = { ...defaultKeys, images: 'faces/x', labels: 'faces/y' }
    expect((await readDataset(path, keys)).labels).toEqual([3, 1])
  })

  it('refuses compressed images that are damaged, in one line', async () => {
    await ready
    const path = join(folder, 'compressed.h5')
    const file = new File(path, 'w')
    file.create_dataset({
      name: 'train_set_x',
      data: Uint8Array.from({ length: 4 * 48 * 48 * 3 }, () => random() * 256),
      shape: [4, 48, 48, 3],
      chunks: [4, 48, 48, 3],
      compression: 'gzip',
    })
    file.create_dataset({ name: 'train_set_y', data: Uint8Array.from([0, 1, 2, 3]) })
    file.close()
    const bytes = await readFile(path)
    await writeFile(path, bytes.fill(0xff, bytes.length - 12_000, bytes.length - 8_000))
    await expect(readDataset(path)).rejects.toThrow(
      /^\S+: "train_set_x" cannot be read, the file is damaged; the file holds [^\n]+$/,
    )
  })

  it('refuses what is no HDF5 file, a damaged one, and none at all', async () => {
    const path = join(folder, 'text.h5')
    await writeFile(path, 'fold,left,right,same\n')
    await expect(readDataset(path)).rejects.toThrow(`${path}: this is not an HDF5 file`)
    const missing = join(folder, 'missing.h5')
    await expect(readDataset(missing)).rejects.toThrow(`${missing}: there is no such file`)
  })

  it('closes the file, so that it can be written again', async () => {
    const path = join(folder, 'open.h5')
    await writeDataset(path, labelled)
    await readDataset(path)
    await readDataset(path, { ...defaultKeys, images: 'other' }).catch(() => null)
    const file = new File(path, 'a')
    expect(file.get('train_set_y')).toBeInstanceOf(Dataset)
    file.close()
  })
})
