import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDataset } from '../../../scripts/photos/h5-dataset.ts'
import { folderFor, photosOfH5 } from '../../../scripts/photos/photos-of-h5.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { randomNumbers } from '../../support/random.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-h5-'))
  file = join(folder, `${basename(folder)}.h5`)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await rm(folderFor(file), { recursive: true, force: true })
})

describe('photosOfH5', () => {
  it('makes a photo of every image, without loss, with the name of its label', async () => {
    const images = Uint8Array.from(randomNumbers(3 * 8 * 6 * 3, 1), (value) => 127 + 127 * value)
    const classes = ['ada', 'bea']
    await writeDataset(file, { images, shape: [3, 8, 6, 3], labels: [1, 0, 1], classes })
    const photos = await photosOfH5(file)
    expect(photos.map(({ person }) => person)).toEqual(['bea', 'ada', 'bea'])
    for (const [i, photo] of photos.entries()) {
      const image = await decodePhoto(
        new Uint8Array(await readFile(photo.file)),
        createNodeCodecs(),
      )
      expect([image.width, image.height]).toEqual([6, 8])
      expect([...image.data]).toEqual([...images.subarray(i * 144, (i + 1) * 144)])
    }
  })

  it('names people by the number of their label where the file has no names', async () => {
    const images = new Uint8Array(2 * 4 * 4 * 3)
    await writeDataset(file, { images, shape: [2, 4, 4, 3], labels: [5, 0], classes: null })
    expect((await photosOfH5(file)).map(({ person }) => person)).toEqual(['5', '0'])
  })
})
