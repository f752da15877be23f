/**
 * What training learns from: aligned squares of one size, and who is on each. From an h5 file, whose images are taken as
 * aligned, or from a folder of people, whose photos go through detector and alignment once and are then kept in
 * build/chips.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { writeWhole } from '../../../scripts/files/write-whole.ts'
import { progressBar } from '../../../scripts/front/progress.ts'
import {
  type DatasetKeys,
  defaultKeys,
  findKeys,
  readDataset,
} from '../../../scripts/photos/h5-dataset.ts'
import { describeLeft, readPeople, requireSomebody } from '../../../scripts/photos/people.ts'
import { buildDir } from '../../../scripts/weights/networks.ts'
import type { Squares } from './augment.ts'
import { cutFaces } from './cut-faces.ts'

export interface LabelledPhotos {
  readonly squares: Squares
  /** [names.length, side, side, 3] uint8, side = size + 2 * margin. */
  readonly pixels: SharedArrayBuffer
  /** What each photo is called: its path below the folder, or its number in the file. */
  readonly names: readonly string[]
  /** Who is on each. */
  readonly people: readonly string[]
  /** Photos that were left out, and why. */
  readonly skipped: readonly { readonly file: string; readonly error: string }[]
}

/** Raised when faces are cut otherwise than before, so that kept squares are cut anew. */
const cutVersion = 1

/** Share of the chip's side that is kept around it. */
const marginShare = 1 / 8

/** @throws Error when the file's images are not of the network's size */
export async function photosOfFile(
  file: string,
  keys: DatasetKeys,
  size: number,
): Promise<LabelledPhotos> {
  const isNamed = JSON.stringify(keys) !== JSON.stringify(defaultKeys)
  const found = await findKeys(file, isNamed ? keys : {})
  const { images, shape, labels, classes } = await readDataset(file, found)
  const [count, height, width] = shape
  if (height !== size || width !== size) {
    throw new Error(
      `${file}: the images are ${width}x${height}, the network takes ${size}x${size}; ` +
        'write them with "npm run dataset -- <folder> <out.h5> --align --network NAME"',
    )
  }
  const pixels = new SharedArrayBuffer(images.length)
  new Uint8Array(pixels).set(images)
  return {
    squares: { size, margin: 0 },
    pixels,
    names: Array.from({ length: count }, (_, i) => `${i}`),
    people: labels.map((label) => classes?.[label] ?? `${label}`),
    skipped: [],
  }
}

interface Kept {
  readonly names: readonly string[]
  readonly people: readonly string[]
  readonly skipped: LabelledPhotos['skipped']
}

/** @param encoder whose alignment is taken, and whose input has `size` pixels a side */
export async function photosOfFolder(
  folder: string,
  encoder: string,
  size: number,
): Promise<LabelledPhotos> {
  const squares: Squares = { size, margin: Math.round(size * marginShare) }
  const people = requireSomebody(folder, await readPeople(folder))
  for (const line of describeLeft(people)) console.log(line)
  const { photos } = people
  const stats = await Promise.all(photos.map(({ file }) => stat(file)))
  const listed = photos.map(({ file }, i) => [
    relative(folder, file),
    stats[i]!.size,
    stats[i]!.mtimeMs,
  ])
  const key = createHash('sha256')
    .update(JSON.stringify([cutVersion, encoder, squares, listed]))
    .digest('hex')
    .slice(0, 16)
  const kept = join(buildDir, 'chips', key)
  const known = await readFile(`${kept}.json`, 'utf8').catch(() => null)
  if (known !== null) {
    return {
      squares,
      pixels: toShared(await readFile(`${kept}.bin`)),
      ...(JSON.parse(known) as Kept),
    }
  }
  const bar = progressBar('cutting faces')
  bar.start(photos.length)
  const faces: (Uint8Array | { error: string })[] = []
  await cutFaces(
    photos.map(({ file }) => file),
    { encoder, squares },
    ({ square }, index) => {
      faces[index] = square
      bar.step()
    },
  )
  bar.stop()
  const found = faces.flatMap((face, i) => (face instanceof Uint8Array ? [i] : []))
  const record: Kept = {
    names: found.map((i) => relative(folder, photos[i]!.file)),
    people: found.map((i) => photos[i]!.person),
    skipped: faces.flatMap((face, i) =>
      face instanceof Uint8Array
        ? []
        : [{ file: relative(folder, photos[i]!.file), error: face.error }],
    ),
  }
  const bytes = Buffer.concat(found.map((i) => faces[i] as Uint8Array))
  await writeWhole(`${kept}.bin`, bytes)
  // The list goes last: pixels without it are cut again.
  await writeWhole(`${kept}.json`, JSON.stringify(record))
  return { squares, pixels: toShared(bytes), ...record }
}

function toShared(bytes: Uint8Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.length)
  new Uint8Array(shared).set(bytes)
  return shared
}
