import { cp, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultKeys, writeDataset } from '../../../../scripts/photos/h5-dataset.ts'
import { buildDir } from '../../../../scripts/weights/networks.ts'
import { sampleFolder, samplePeople } from '../../../../test/support/photos/sample-photos.ts'
import { photosOfFile, photosOfFolder } from '../../../training/photos/labelled-photos.ts'
import { widen } from '../../../training/photos/widen.ts'

let folder: string
let chipsBefore: string[]
const chipFiles = (): Promise<string[]> => readdir(join(buildDir, 'chips')).catch(() => [])
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-labelled-'))
  chipsBefore = await chipFiles()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  for (const file of await chipFiles()) {
    if (!chipsBefore.includes(file)) await rm(join(buildDir, 'chips', file))
  }
})

describe('photosOfFolder', () => {
  it('cuts aligned squares once, and again when a photo has changed', async () => {
    const people = join(folder, 'people')
    await cp(sampleFolder, people, { recursive: true })
    await writeFile(join(people, 'nobody.png'), 'not a photo')
    const first = await photosOfFolder(people, 'nn4.small2', 96)
    expect(first.squares).toEqual({ size: 96, margin: 12 })
    expect(first.people).toEqual([...samplePeople])
    expect(first.names).toEqual(samplePeople.map((person) => `${person}.jpg`))
    expect(first.pixels.byteLength).toBe(samplePeople.length * 120 * 120 * 3)
    expect(first.skipped).toEqual([{ file: 'nobody.png', error: expect.any(String) }])
    const made = (await chipFiles()).length
    expect(await photosOfFolder(people, 'nn4.small2', 96)).toEqual(first)
    expect(await chipFiles()).toHaveLength(made)
    await utimes(join(people, 'ada.jpg'), 1, 1)
    expect((await photosOfFolder(people, 'nn4.small2', 96)).pixels).toEqual(first.pixels)
    expect(await chipFiles()).toHaveLength(made + 2)
  })
})

describe('photosOfFile', () => {
  it('takes images as they are, and names from the list, or labels where there is none', async () => {
    const path = join(folder, 'faces.h5')
    const images = Uint8Array.from({ length: 2 * 4 * 4 * 3 }, (_, i) => i)
    const dataset = {
      images,
      shape: [2, 4, 4, 3] as const,
      labels: [1, 0],
      classes: ['ada', 'bea'],
    }
    await writeDataset(path, dataset)
    const photos = await photosOfFile(path, defaultKeys, 4)
    expect(photos.people).toEqual(['bea', 'ada'])
    expect(photos.squares).toEqual({ size: 4, margin: 0 })
    expect(new Uint8Array(photos.pixels)).toEqual(images)
    await writeDataset(path, { ...dataset, classes: null })
    expect((await photosOfFile(path, defaultKeys, 4)).people).toEqual(['1', '0'])
  })
})

describe('widen', () => {
  it('moves the start by the margin along both sides, also of a sheared square', () => {
    expect(widen({ a: 2, b: 1, x0: 10, y0: 20 }, 3)).toEqual({ a: 2, b: 1, x0: 7, y0: 11 })
    const sheared = { a: 2, b: 1, c: 0.5, d: 3, x0: 10, y0: 20 }
    expect(widen(sheared, 2)).toEqual({ ...sheared, x0: 5, y0: 12 })
  })
})
