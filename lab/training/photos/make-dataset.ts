/**
 * A folder of people -> one h5 file of labelled photos, as datasets/README.md describes it. Without alignment the photos have to
 * be square and are scaled; with it faces are found and aligned as a network wants them.
 */
import { readFile } from 'node:fs/promises'
import { progressBar } from '../../../scripts/front/progress.ts'
import { type DatasetKeys, writeDataset } from '../../../scripts/photos/h5-dataset.ts'
import { describeLeft, readPeople, requireSomebody } from '../../../scripts/photos/people.ts'
import { scaledPhoto } from '../../../scripts/photos/warped-photo.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { networkNamed } from '../../../scripts/weights/networks.ts'
import { createCodecs } from '../../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { cutFaces } from './cut-faces.ts'

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
  /** What in the folder was not taken for a photo of a person, a line each. */
  readonly left: readonly string[]
}

type Square = { readonly side: number; readonly pixels: Uint8Array } | { readonly error: string }

/** @throws Error when no photo is left, or photos are of several sizes and none was asked for */
export async function makeDataset(
  folder: string,
  out: string,
  options: DatasetOptions,
): Promise<DatasetOutcome> {
  const found = requireSomebody(folder, await readPeople(folder))
  const { photos } = found
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
  return {
    images: kept.length,
    people: classes.length,
    size: first.side,
    skipped,
    left: describeLeft(found),
  }
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
          return { side: size, pixels: scaledPhoto(image, size).data }
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
