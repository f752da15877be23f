import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFault } from '../../../scripts/front/describe-fault.ts'
import { findPhotos } from '../../../scripts/photos/photos.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-photos-'))
  await mkdir(join(folder, 'bob', 'older'), { recursive: true })
  await mkdir(join(folder, 'trap.jpg'))
  for (const file of [
    'eve.JPG',
    'ada.jpeg',
    'cleo.webp',
    'notes.txt',
    '.hidden.jpg',
    'bob/2.png',
    'bob/1.jpg',
    'bob/older/0.jpg',
    'bob/list.csv',
  ]) {
    await writeFile(join(folder, file), '')
  }
})
afterAll(() => rm(folder, { recursive: true }))

const inFolder = (...files: string[]): string[] => files.map((file) => join(folder, file))

describe('findPhotos', () => {
  it('finds JPEG, PNG and WebP at any depth, in the order of their names', async () => {
    expect(await findPhotos([folder])).toEqual(
      inFolder('ada.jpeg', 'bob/1.jpg', 'bob/2.png', 'bob/older/0.jpg', 'cleo.webp', 'eve.JPG'),
    )
  })

  it('takes paths in the order given, and a file whatever its name', async () => {
    const paths = inFolder('notes.txt', 'bob', 'ada.jpeg')
    expect(await findPhotos(paths)).toEqual(
      inFolder('notes.txt', 'bob/1.jpg', 'bob/2.png', 'bob/older/0.jpg', 'ada.jpeg'),
    )
  })

  it('finds nothing in a folder without photos', async () => {
    expect(await findPhotos(inFolder('trap.jpg'))).toEqual([])
  })

  it('rejects for a path that is not there, and names it', async () => {
    const absent = join(folder, 'absent')
    await expect(findPhotos([absent])).rejects.toThrow(absent)
  })

  it.skipIf(process.getuid?.() === 0)('names the folder that may not be read', async () => {
    const closed = join(folder, 'bob', 'closed')
    await mkdir(closed, { mode: 0o000 })
    const fault = await findPhotos([folder]).catch(describeFault)
    await chmod(closed, 0o700)
    expect(fault).toBe(`${closed}: this may not be read or written by this user`)
  })
})
