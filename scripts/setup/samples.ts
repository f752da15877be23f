/**
 * Sample people without a photo in the repository: single faces cut out of the group photos that come with
 * `@vladmandic/face-api`, for trying things out and for tests. One person, eve, is in two of those photos: one enrolls
 * her, the other is the probe.
 */
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import decodeJpeg, { init as initJpegDecoder } from '@jsquash/jpeg/decode.js'
import encodeJpeg, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js'
import { flattenOntoWhite } from '../../src/image/decode/transparency.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import { progressBar } from '../front/progress.ts'
import { buildDir } from '../weights/networks.ts'
import { compileWasm } from './node-engine.ts'
import { opaque } from './opaque.ts'
import { pipelineSources } from './pipeline-hash.ts'

export const samplesDir = join(buildDir, 'samples')
/** <identity>.jpg each, as `npm run enroll` wants them. */
export const sampleImagesDir = join(samplesDir, 'images')
/** What `npm start` serves beside the Worker, for the demo page to offer (src/site/browser/demo/samples.ts). */
export const sampleSiteDir = join(samplesDir, 'site')
/** Another photo of eve. */
export const sampleProbe = join(samplesDir, 'probe-eve.jpg')

interface Crop {
  readonly to: string
  /** File under the package's demo/. */
  readonly from: string
  /** Centre and side of the square in pixels. */
  readonly square: readonly [x: number, y: number, side: number]
  /** Degrees clockwise by which the square is turned in the photo. */
  readonly roll?: number
}

const profile = 'profile.jpg'

const crops: readonly Crop[] = [
  { to: join('images', 'ada.jpg'), from: 'sample5.jpg', square: [470, 1050, 440] },
  { to: join('images', 'bea.jpg'), from: 'sample5.jpg', square: [860, 250, 420] },
  { to: join('images', 'cleo.jpg'), from: 'sample6.jpg', square: [330, 670, 460] },
  { to: join('images', 'dora.jpg'), from: 'sample6.jpg', square: [1590, 440, 440] },
  { to: join('images', 'eve.jpg'), from: 'sample3.jpg', square: [1150, 400, 460] },
  { to: join('images', 'fay.jpg'), from: 'sample3.jpg', square: [1600, 480, 420] },
  { to: 'probe-eve.jpg', from: 'sample1.jpg', square: [1570, 330, 460], roll: 32 },
  { to: profile, from: 'sample2.jpg', square: [400, 300, 300] },
]

/** Those of a face that can be encoded: the one in profile is for tests of what cannot. */
export const sampleFiles: readonly string[] = crops
  .filter(({ to }) => to !== profile)
  .map(({ to }) => join(samplesDir, to))

/** Makes the samples unless they are there. Returns true when they were made. */
export async function makeSamples(): Promise<boolean> {
  const stampFile = join(samplesDir, 'stamp')
  const stamp = createHash('sha256')
    .update(await readFile(import.meta.filename))
    .update(await pipelineSources())
    .digest('hex')
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return false

  const bar = progressBar('making samples')
  bar.start(crops.length)
  await rm(samplesDir, { recursive: true, force: true })
  await mkdir(sampleImagesDir, { recursive: true })
  await startDecoder(await compileWasm('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'))
  await initJpegEncoder(await compileWasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
  const demoDir = join(
    dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
    'demo',
  )
  for (const crop of crops) {
    const image = await decode(await readFile(join(demoDir, crop.from)))
    await writeFile(join(samplesDir, crop.to), await toJpeg(cut(image, crop)))
    bar.step()
  }
  await writeSite()
  await writeFile(stampFile, stamp)
  bar.stop()
  return true
}

async function writeSite(): Promise<void> {
  const folder = join(sampleSiteDir, 'samples')
  await mkdir(folder, { recursive: true })
  const people = sampleFiles.map((file) => {
    const identity = basename(file, '.jpg').replace('probe-', '')
    const title = file === sampleProbe ? `${identity}, another day` : identity
    return { identity, title, file: basename(file) }
  })
  for (const file of sampleFiles) await copyFile(file, join(folder, basename(file)))
  await writeFile(join(folder, 'people.json'), JSON.stringify(people))
}

/** Its types know of no module. */
const startDecoder = initJpegDecoder as (module: WebAssembly.Module) => Promise<void>

/** By the decoder that belongs to the encoder: the samples stay the same, byte for byte, whatever decodes photos in the Worker. */
async function decode(photo: Buffer): Promise<RgbImage> {
  const { width, height, data } = await decodeJpeg(Uint8Array.from(photo).buffer)
  const rgb = new Uint8Array(width * height * 3)
  flattenOntoWhite(data, rgb)
  return { width, height, data: rgb }
}

/** What the encoder takes, ImageData in browsers. */
type RgbaImage = Parameters<typeof encodeJpeg>[0]

function cut(image: RgbImage, { square: [x, y, side], roll = 0 }: Crop): RgbaImage {
  const a = Math.cos((roll * Math.PI) / 180)
  const b = Math.sin((roll * Math.PI) / 180)
  const placed = { a, b, x0: x - ((a - b) * side) / 2, y0: y - ((a + b) * side) / 2 }
  const rgb = warp(image, placed, side)
  return { width: side, height: side, data: opaque(rgb), colorSpace: 'srgb' }
}

async function toJpeg(image: RgbaImage): Promise<Uint8Array> {
  return new Uint8Array(await encodeJpeg(image, { quality: 92 }))
}

if (import.meta.main) {
  console.log((await makeSamples()) ? 'samples made' : 'samples are up to date')
}
