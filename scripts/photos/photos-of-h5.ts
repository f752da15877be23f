/** The photos of an h5 file as photos on disk, losslessly, since the pipeline begins with a photo's bytes. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import encodePng, { init } from '@jsquash/png/encode.js'
import { compileWasm } from '../setup/node-engine.ts'
import { opaque } from '../setup/opaque.ts'
import { buildDir } from '../weights/networks.ts'
import { findKeys, type GivenKeys, readDataset } from './h5-dataset.ts'

export interface H5Photo {
  readonly person: string
  /** The photo on disk. */
  readonly file: string
  /** Where it comes from: <h5 file>#<number>, from 0 on. */
  readonly name: string
}

/** @throws Error that lists what the file holds when it holds no labelled images */
export async function photosOfH5(file: string, keys: GivenKeys = {}): Promise<H5Photo[]> {
  const { images, shape, labels, classes } = await readDataset(file, await findKeys(file, keys))
  const [count, height, width, channels] = shape
  const folder = folderFor(file)
  await mkdir(folder, { recursive: true })
  await init(await compileWasm('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'))
  const size = height * width * channels
  const photos: H5Photo[] = []
  for (let i = 0; i < count; i++) {
    const photo = join(folder, `${i}.png`)
    const data = opaque(images.subarray(i * size, (i + 1) * size))
    await writeFile(
      photo,
      new Uint8Array(await encodePng({ data, width, height, colorSpace: 'srgb' })),
    )
    const person = classes?.[labels[i]!] ?? `${labels[i]}`
    photos.push({ person, file: photo, name: `${file}#${i}` })
  }
  return photos
}

/** Two files of one name in different folders do not mix. */
export function folderFor(file: string): string {
  const path = createHash('sha256').update(resolve(file)).digest('hex').slice(0, 8)
  return join(buildDir, 'h5', `${basename(file)}-${path}`)
}
