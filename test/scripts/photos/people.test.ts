import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPersonPhotos } from '../../../scripts/photos/people.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-people-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('findPersonPhotos', () => {
  it('takes the folder as the person, or the name of the file without its number', async () => {
    const files = [
      'ada/1.jpg',
      'ada/deeper/2.png',
      'bea.jpg',
      'Zoe_Li_0001.jpg',
      'Zoe_Li_0002.jpg',
      '7.jpg',
    ]
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), '')
    }
    const found = await findPersonPhotos(folder)
    expect(
      Object.fromEntries(found.map(({ file, person }) => [file.slice(folder.length + 1), person])),
    ).toEqual({
      'ada/1.jpg': 'ada',
      'ada/deeper/2.png': 'ada',
      'bea.jpg': 'bea',
      'Zoe_Li_0001.jpg': 'Zoe_Li',
      'Zoe_Li_0002.jpg': 'Zoe_Li',
      '7.jpg': '7',
    })
  })

  it('refuses a folder without a photo, and one that is not there', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    await expect(findPersonPhotos(empty)).rejects.toThrow(`${empty}: there is no photo`)
    const missing = join(folder, 'missing')
    await expect(findPersonPhotos(missing)).rejects.toThrow(
      `${missing}: there is no such file or folder`,
    )
  })
})
