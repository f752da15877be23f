import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toCsv } from '../../../scripts/weights/csv.ts'
import { seededWeights } from '../../../test/support/networks/seeded-weights.ts'
import { tinyNetwork } from '../../../test/support/networks/tiny-network.ts'
import { readOrDraw, requireTrained } from '../../training/draw-missing.ts'

let folder: string
const csv = seededWeights(tinyNetwork)
const absent = ['last_w', 'last_bn_w', 'last_bn_v', 'dense_b']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-weights-'))
  for (const [name, values] of csv) {
    if (!absent.includes(name)) await writeFile(join(folder, `${name}.csv`), toCsv(values))
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('readOrDraw', () => {
  it('reads what is there and draws the rest', async () => {
    const { tensors, drawn } = await readOrDraw(tinyNetwork, folder, 1)
    expect(drawn).toEqual(['last_w', 'last_bn_w', 'last_bn_v', 'dense_b'])
    expect([...tensors.keys()]).toEqual([...csv.keys()])
    for (const [name, values] of csv) {
      if (!absent.includes(name)) expect(tensors.get(name)).toEqual(values)
    }
    expect(Array.from(tensors.get('last_bn_w')!)).toEqual(Array(16).fill(1))
    expect(Array.from(tensors.get('last_bn_v')!)).toEqual(Array(16).fill(1))
    expect(Array.from(tensors.get('dense_b')!)).toEqual(Array(8).fill(0))
    const filter = tensors.get('last_w')!
    const variance = filter.reduce((sum, value) => sum + value ** 2, 0) / filter.length
    // 2 / (10 channels * 3 * 3)
    expect(Math.abs(variance * 45 - 1)).toBeLessThan(0.1)
  })

  it('draws the same for the same seed, something else for another', async () => {
    const draw = async (seed: number) =>
      (await readOrDraw(tinyNetwork, folder, seed)).tensors.get('last_w')
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
  })

  it('without a seed lists every absent file with its shape', async () => {
    await expect(readOrDraw(tinyNetwork, folder, null)).rejects.toThrow(
      `${folder}: 4 faults\n  last_w.csv is missing, expected shape [16, 10, 3, 3]; --draw-missing draws it\n`,
    )
  })

  it('draws all where there is no folder', async () => {
    const { tensors, drawn } = await readOrDraw(tinyNetwork, null, 1)
    expect(drawn).toEqual([...csv.keys()])
    expect([...tensors.values()].map(({ length }) => length)).toEqual(
      [...csv.values()].map(({ length }) => length),
    )
  })

  it('refuses a folder that there is not, rather than draw a whole network', async () => {
    const other = join(folder, 'elsewhere')
    for (const seed of [1, null]) {
      await expect(readOrDraw(tinyNetwork, other, seed)).rejects.toThrow(
        `${other}: there is no such folder, expected one with the CSV files`,
      )
    }
  })

  it('draws nothing over a file that cannot be read', async () => {
    const path = join(folder, 'dense_b.csv')
    await writeFile(path, '1,2,nan')
    await expect(readOrDraw(tinyNetwork, folder, 1)).rejects.toThrow(
      'dense_b.csv: number 3 is "nan", expected a finite decimal number, shape [8]',
    )
    await rm(path)
  })
})

describe('requireTrained', () => {
  const layers = tinyNetwork.layers.map(({ name }) => name)

  it('refuses to draw what would never be trained, and says from where on it would be', () => {
    const drawn = ['last_w', 'dense_b']
    expect(() => requireTrained(drawn, tinyNetwork, 'dense')).toThrow(
      'last would be drawn and never trained: --from last trains them, --freeze-drawn leaves them random',
    )
    expect(() => requireTrained(['last_w', 'dense_b'], tinyNetwork, layers.at(-1)!)).toThrow(
      'last and 1 more layer would be drawn and never trained',
    )
  })

  it('lets be drawn what is trained', () => {
    requireTrained(['last_w', 'dense_b'], tinyNetwork, null)
    requireTrained(['last_w', 'dense_b'], tinyNetwork, 'last')
    requireTrained([], tinyNetwork, 'dense')
  })
})
