/** What the gate learns follows from the photos and the seed alone: two runs on two sample people, from folders typed in two ways. */
import { relative } from 'node:path'
import { expect, it } from 'vitest'
import { readPeople } from '../../../scripts/photos/people.ts'
import { sampleImagesDir } from '../../../scripts/setup/samples.ts'
import { collectPictures } from '../../condition/collect-pictures.ts'
import { headNames, learnHeads } from '../../condition/learn-heads.ts'

async function learnFrom(folder: string, seed: number) {
  const photos = (await readPeople(folder)).photos.slice(0, 2)
  const pictures = await collectPictures(photos, photos.length, seed)
  return { pictures, ...learnHeads(pictures) }
}

it('teaches the same twice', async () => {
  const first = await learnFrom(sampleImagesDir, 1)
  const second = await learnFrom(relative(process.cwd(), sampleImagesDir), 1)
  expect(second.pictures.map(({ kind }) => kind)).toEqual(first.pictures.map(({ kind }) => kind))
  expect(second.pictures.map(({ features }) => features)).toEqual(
    first.pictures.map(({ features }) => features),
  )
  expect(second.usual).toEqual(first.usual)
  expect(second.heads).toEqual(first.heads)
  expect(Object.keys(first.heads)).toEqual(headNames)
}, 300_000)
