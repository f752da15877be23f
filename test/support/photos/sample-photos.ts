/** The sample people that set-up cuts out of a package's demo photos, and what tests make of them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { createNodeCodecs } from './node-codecs.ts'

export const samplePeople = ['ada', 'bea', 'cleo', 'dora', 'eve', 'fay'] as const
export type SamplePerson = (typeof samplePeople)[number]

const samples = join(projectRoot, 'build', 'samples')
export const sampleFolder = join(samples, 'images')
/** Another photo of eve. */
export const probeFile = join(samples, 'probe-eve.jpg')
/** Somebody else, who looks to the side. */
export const profileFile = join(samples, 'profile.jpg')

export function sampleFile(person: SamplePerson): string {
  return join(sampleFolder, `${person}.jpg`)
}

export async function readPhoto(file: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(file))
}

export function samplePhoto(person: SamplePerson): Promise<Uint8Array> {
  return readPhoto(sampleFile(person))
}

export async function sampleImage(person: SamplePerson): Promise<RgbImage> {
  return decodePhoto(await samplePhoto(person), createNodeCodecs())
}

/** Every pixel from `pixel`, [red, green, blue]. */
export function drawImage(
  width: number,
  height: number,
  pixel: (x: number, y: number) => ArrayLike<number>,
): RgbImage {
  const data = new Uint8Array(width * height * 3)
  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const values = pixel(x, y)
      for (let c = 0; c < 3; c++) data[at++] = values[c]!
    }
  }
  return { width, height, data }
}

export function pixelAt({ width, data }: RgbImage, x: number, y: number): Uint8Array {
  const at = (y * width + x) * 3
  return data.subarray(at, at + 3)
}

export function mirrorImage(image: RgbImage): RgbImage {
  return drawImage(image.width, image.height, (x, y) => pixelAt(image, image.width - 1 - x, y))
}

/** Means of blocks of factor x factor pixels. */
export function shrinkImage(image: RgbImage, factor: number): RgbImage {
  const [width, height] = [image.width, image.height].map((side) => Math.floor(side / factor))
  return drawImage(width!, height!, (x, y) => {
    const sums = [0, 0, 0]
    for (let i = 0; i < factor * factor; i++) {
      const pixel = pixelAt(image, x * factor + (i % factor), y * factor + Math.floor(i / factor))
      pixel.forEach((value, c) => {
        sums[c]! += value
      })
    }
    return sums.map((sum) => Math.round(sum / factor ** 2))
  })
}

/** With its top left corner at x, y. */
export interface PlacedImage {
  readonly image: RgbImage
  readonly x: number
  readonly y: number
}

/** Photos laid on a grey canvas. */
export function placeImages(
  width: number,
  height: number,
  placed: readonly PlacedImage[],
): RgbImage {
  const canvas = { width, height, data: new Uint8Array(width * height * 3).fill(128) }
  for (const { image, x, y } of placed) {
    for (let row = 0; row < image.height; row++) {
      const from = row * image.width * 3
      const line = image.data.subarray(from, from + image.width * 3)
      canvas.data.set(line, ((y + row) * width + x) * 3)
    }
  }
  return canvas
}
