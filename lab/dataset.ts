/**
 * npm run dataset -- <folder> <out.h5> [--size N] [--align] [--network NAME]
 *
 * A folder of people (see people.ts) -> one h5 file of labelled photos, as datasets/README.md describes it. Without
 * --align the photos have to be square and are scaled to N; with it faces are found and aligned as the network wants them.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { progressBar } from '../scripts/front/progress.ts'
import { type DatasetKeys, defaultKeys, writeDataset } from '../scripts/photos/h5-dataset.ts'
import { findPersonPhotos } from '../scripts/photos/people.ts'
import { nodeAssets } from '../scripts/setup/node-engine.ts'
import { networkNamed } from '../scripts/weights/networks.ts'
import { createCodecs } from '../src/image/decode/codecs.ts'
import { decodePhoto } from '../src/image/decode/decode.ts'
import { warp } from '../src/image/warp.ts'
import { cutFaces } from './training/photos/cut-faces.ts'

export interface DatasetOptions {
  /** Side of the images in pixels; null: that of the photos, which then have to be of one size. */
  readonly size: number | null
  /** Encoder whose alignment is applied, or null for none. */
  readonly align: string | null
  readonly keys: DatasetKeys
}

export interface DatasetOutcome {
  readonly images: number
  readonly people: number
  readonly size: number
  /** Photos that are not in the file, and why. */
  readonly skipped: readonly { readonly file: string; readonly error: string }[]
}

type Square = { readonly side: number; readonly pixels: Uint8Array } | { readonly error: string }

/** @throws Error when no photo is left, or photos are of several sizes and none was asked for */
export async function makeDataset(
  folder: string,
  out: string,
  options: DatasetOptions,
): Promise<DatasetOutcome> {
  const photos = await findPersonPhotos(folder)
  const files = photos.map(({ file }) => file)
  const bar = progressBar('reading photos')
  bar.start(files.length)
  const squares = await (options.align === null
    ? readSquares(files, options.size, () => bar.step())
    : alignSquares(files, options.align, options.size, () => bar.step())
  ).finally(() => bar.stop())
  const kept = photos.flatMap(({ person, file }, i) => {
    const square = squares[i]!
    return 'pixels' in square ? [{ person, file, ...square }] : []
  })
  const skipped = files.flatMap((file, i) => {
    const square = squares[i]!
    return 'error' in square ? [{ file, error: square.error }] : []
  })
  const [first] = kept
  if (!first) {
    throw new Error(`${folder}: none of ${files.length} photos can be used: ${skipped[0]!.error}`)
  }
  const other = kept.find(({ side }) => side !== first.side)
  if (other) {
    throw new Error(
      `${first.file} is ${first.side} pixels wide, ${other.file} ${other.side}; --size N scales them to one size`,
    )
  }
  const classes = [...new Set(kept.map(({ person }) => person))].sort()
  await writeDataset(
    out,
    {
      images: Buffer.concat(kept.map(({ pixels }) => pixels)),
      shape: [kept.length, first.side, first.side, 3],
      labels: kept.map(({ person }) => classes.indexOf(person)),
      classes,
    },
    options.keys,
  )
  return { images: kept.length, people: classes.length, size: first.side, skipped }
}

async function readSquares(
  files: readonly string[],
  size: number | null,
  onPhoto: () => void,
): Promise<Square[]> {
  const codecs = createCodecs((await nodeAssets()).codecs)
  const squares: Square[] = []
  for (const file of files) {
    squares.push(
      await decodePhoto(new Uint8Array(await readFile(file)), codecs).then(
        (image): Square => {
          const { width, height } = image
          if (width !== height) {
            return { error: `the photo is ${width}x${height}, expected a square; --align cuts one` }
          }
          if (size === null || size === width) {
            return { side: width, pixels: Uint8Array.from(image.data) }
          }
          const scale = width / size
          const scaled = warp(image, { a: scale, b: 0, x0: 0, y0: 0 }, size)
          return { side: size, pixels: Uint8Array.from(scaled, Math.round) }
        },
        (error: Error): Square => ({ error: error.message }),
      ),
    )
    onPhoto()
  }
  return squares
}

async function alignSquares(
  files: readonly string[],
  encoder: string,
  size: number | null,
  onPhoto: () => void,
): Promise<Square[]> {
  const side = size ?? networkNamed(encoder).input.size
  const squares: Square[] = []
  await cutFaces(files, { encoder, squares: { size: side, margin: 0 } }, ({ square }, i) => {
    squares[i] = square instanceof Uint8Array ? { side, pixels: square } : square
    onPhoto()
  })
  return squares
}

const usage = `usage: npm run dataset -- <folder of people> <out.h5> [options]
  --size N             side of the images in pixels
  --align              find faces and align them
  --network NAME       as this encoder wants them; nn4.small2 unless given
  --images-key ${defaultKeys.images}  --labels-key ${defaultKeys.labels}  --classes-key ${defaultKeys.classes}`

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ size: text, align: { type: 'boolean', default: false }, network: text },
      ...{ 'images-key': text, 'labels-key': text, 'classes-key': text },
    },
  })
  const [folder, out, ...others] = positionals
  const size = values.size === undefined ? null : Number(values.size)
  const isSize = size === null || (Number.isInteger(size) && size > 0)
  if (values.network && !values.align) throw new Error('--network wants --align beside it')
  if (!folder || !out || others.length > 0 || !isSize) {
    console.error(usage)
    process.exitCode = 2
    return
  }
  const outcome = await makeDataset(folder, out, {
    size,
    align: values.align ? (values.network ?? 'nn4.small2') : null,
    keys: {
      images: values['images-key'] ?? defaultKeys.images,
      labels: values['labels-key'] ?? defaultKeys.labels,
      classes: values['classes-key'] ?? defaultKeys.classes,
    },
  })
  const { images, people, skipped } = outcome
  console.log(`${out}: ${images} images of ${people} people, ${outcome.size}x${outcome.size}`)
  for (const { file, error } of skipped) console.log(`  left out: ${file}: ${error}`)
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
