/** The photos of an h5 file as photos on disk, losslessly, since the pipeline begins with a photo's bytes. */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import encodePng, { init } from '@jsquash/png/encode.js'
import { type DatasetKeys, defaultKeys, readDataset } from '../../scripts/photos/h5-dataset.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { compileWasm } from '../../scripts/setup/node-engine.ts'
import { buildDir } from '../../scripts/weights/networks.ts'

/** @throws Error that lists what the file holds when it holds no labelled images */
export async function photosOfH5(
  file: string,
  keys: DatasetKeys = defaultKeys,
): Promise<PersonPhoto[]> {
  const { images, shape, labels, classes } = await readDataset(file, keys)
  const [count, height, width, channels] = shape
  const folder = join(buildDir, 'h5', basename(file))
  await mkdir(folder, { recursive: true })
  await init(await compileWasm('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'))
  const size = height * width * channels
  const photos: PersonPhoto[] = []
  for (let i = 0; i < count; i++) {
    const photo = join(folder, `${i}.png`)
    const data = opaque(images.subarray(i * size, (i + 1) * size))
    await writeFile(
      photo,
      new Uint8Array(await encodePng({ data, width, height, colorSpace: 'srgb' })),
    )
    photos.push({ person: classes?.[labels[i]!] ?? `${labels[i]}`, file: photo })
  }
  return photos
}

function opaque(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255)
  for (let pixel = 0; pixel * 3 < rgb.length; pixel++) {
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
  }
  return rgba
}
