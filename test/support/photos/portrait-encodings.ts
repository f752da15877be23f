/** One portrait in every encoding that somebody may send it in: a row each, with what is special about it. */

import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { addExif, addJpegSegment, addWebpChunk, exifName, makeTiff } from './add-exif.ts'
import { asMotionJpeg } from './jpeg/motion-jpeg.ts'
import { asMotionPhoto, asSamsungPhoto, asUltraHdr, withDepth } from './jpeg/phone-containers.ts'
import { type JpegWriting, writeJpeg } from './jpeg/write-jpeg.ts'
import { makeJpeg, makeRgbPng, makeWebp } from './make-photo.ts'
import { joinBytes, makePng, type PngPicture, pngChunk } from './make-png.ts'

export interface PortraitEncoding {
  readonly name: string
  make(portrait: RgbImage): Uint8Array | Promise<Uint8Array>
}

const one = [1, 1] as const

function jpeg(name: string, writing: JpegWriting): PortraitEncoding {
  return { name: `JPEG, ${name}`, make: (portrait) => writeJpeg(portrait, writing) }
}

function mozjpeg(name: string, options: Parameters<typeof makeJpeg>[1]): PortraitEncoding {
  return { name: `JPEG, ${name}`, make: (portrait) => makeJpeg(portrait, options) }
}

function changed(name: string, change: (jpeg: Uint8Array) => Uint8Array): PortraitEncoding {
  return { name: `JPEG, ${name}`, make: (portrait) => change(writeJpeg(portrait)) }
}

type PngKind = Omit<PngPicture, 'width' | 'height' | 'sample'>
/** Samples of a pixel out of its red, green and blue, 0..255. */
type Sample = (rgb: readonly number[], x: number, y: number) => readonly number[]

function png(name: string, kind: PngKind, sample: Sample): PortraitEncoding {
  return {
    name: `PNG, ${name}`,
    make: ({ width, height, data }) =>
      makePng({
        ...kind,
        width,
        height,
        sample: (x, y) => sample([...data.subarray((y * width + x) * 3).subarray(0, 3)], x, y),
      }),
  }
}

function webp(
  name: string,
  options: Parameters<typeof makeWebp>[1],
  alpha?: Parameters<typeof makeWebp>[2],
): PortraitEncoding {
  return { name: `WebP, ${name}`, make: (portrait) => makeWebp(portrait, options, alpha) }
}

const grey = ([r, g, b]: readonly number[]): number =>
  Math.round(0.299 * r! + 0.587 * g! + 0.114 * b!)
const wide = (value: number): number => value * 257
/** 6 x 6 x 6 colours. */
const webSafe = Array.from({ length: 216 }, (_, i) =>
  [Math.floor(i / 36), Math.floor(i / 6) % 6, i % 6].map((level) => level * 51),
).flat()
/** Dithered, as encoders do. */
const nearestWebSafe = (rgb: readonly number[], x: number, y: number): number =>
  rgb.reduce(
    (sum, value) => sum * 6 + Math.min(5, Math.floor(value / 51 + bayer[(y & 1) * 2 + (x & 1)]!)),
    0,
  )
const bayer = [0.125, 0.625, 0.875, 0.375]
const sixteenGreys = Array.from({ length: 16 }, (_, i) => [i * 17, i * 17, i * 17]).flat()

/** Behind SOI and JFIF. */
const quantised = (jpegBytes: Uint8Array): number =>
  jpegBytes.findIndex((byte, i) => byte === 0xff && jpegBytes[i + 1] === 0xdb)
const frameAt = (jpegBytes: Uint8Array): number =>
  jpegBytes.findIndex((byte, i) => byte === 0xff && jpegBytes[i + 1] === 0xc0)

export const portraitEncodings: readonly PortraitEncoding[] = [
  jpeg('4:4:4', {}),
  jpeg('4:2:2', { sampling: [[2, 1], one, one] }),
  jpeg('4:2:0', { sampling: [[2, 2], one, one] }),
  jpeg('4:4:0', { sampling: [[1, 2], one, one] }),
  jpeg('4:1:1', { sampling: [[4, 1], one, one] }),
  jpeg('4:1:0', { sampling: [[4, 2], one, one] }),
  jpeg('each component sampled otherwise', {
    sampling: [
      [2, 2],
      [2, 1],
      [1, 2],
    ],
  }),
  jpeg('brightness coarser than colour', { sampling: [one, [2, 2], one] }),
  jpeg('fractional sampling', { sampling: [[3, 1], [2, 1], one] }),
  jpeg('grey', { sampling: [one] }),
  jpeg('grey, sampled 2x2', { sampling: [[2, 2]] }),
  jpeg('restart after every unit', { restart: 1 }),
  jpeg('restart after every seventh unit, 4:2:0', { restart: 7, sampling: [[2, 2], one, one] }),
  jpeg('a scan for each component', { separate: true }),
  jpeg('a scan for each component, 4:2:0, restarts', {
    separate: true,
    restart: 20,
    sampling: [[2, 2], one, one],
  }),
  jpeg('a scan for each component, unusual sampling', {
    separate: true,
    sampling: [
      [4, 1],
      [2, 1],
      [2, 1],
    ],
  }),
  jpeg('Adobe, YCbCr', { adobe: 1, jfif: false }),
  jpeg('Adobe, RGB', { colours: 'rgb', adobe: 0, jfif: false }),
  jpeg('RGB by the names of its components', { colours: 'rgb', ids: [82, 71, 66], jfif: false }),
  jpeg('without JFIF', { jfif: false }),
  jpeg('components that count from 0', { ids: [0, 1, 2] }),
  jpeg('CMYK, inks', { colours: 'cmykInk', sampling: [one, one, one, one] }),
  jpeg('CMYK, Adobe', {
    colours: 'cmykLight',
    adobe: 0,
    jfif: false,
    sampling: [one, one, one, one],
  }),
  jpeg('YCCK, Adobe, 4:2:0', {
    colours: 'ycckInk',
    adobe: 2,
    jfif: false,
    sampling: [[2, 2], one, one, [2, 2]],
  }),
  jpeg('extended sequential', { frame: 0xc1 }),
  jpeg('quantisation of 16 bits', { wideTables: true, frame: 0xc1 }),
  jpeg('coarse quantisation', { step: 40 }),
  jpeg('as fine as can be', { step: 1 }),
  mozjpeg('optimised tables', { progressive: false, quality: 85 }),
  mozjpeg('progressive', { progressive: true, quality: 85 }),
  mozjpeg('progressive, 4:4:4', {
    progressive: true,
    quality: 90,
    auto_subsample: false,
    chroma_subsample: 1,
  }),
  mozjpeg('progressive, grey', { progressive: true, color_space: 1 }),
  mozjpeg('progressive, quality 20', { progressive: true, quality: 20 }),
  changed('its height behind it', (bytes) => {
    const late = bytes.slice()
    late.fill(0, frameAt(late) + 5, frameAt(late) + 7)
    return joinBytes(late.subarray(0, -2), Uint8Array.of(0xff, 0xdc, 0, 4, 1, 204, 0xff, 0xd9))
  }),
  changed('12 bits', (bytes) => bytes.with(frameAt(bytes) + 4, 12) as Uint8Array),
  changed('arithmetic coding', (bytes) => bytes.with(frameAt(bytes) + 1, 0xc9) as Uint8Array),
  changed('lossless', (bytes) => bytes.with(frameAt(bytes) + 1, 0xc3) as Uint8Array),
  changed('EXIF, orientation 1', (bytes) => addExif('jpeg', bytes, makeTiff(1))),
  changed('XMP and a profile', (bytes) =>
    addJpegSegment(
      addJpegSegment(bytes, 0xe2, new Uint8Array(3000)),
      0xe1,
      new TextEncoder().encode('http://ns.adobe.com/xap/1.0/\0<x/>'),
    ),
  ),
  changed('a thumbnail in EXIF', (bytes) =>
    addJpegSegment(bytes, 0xe1, joinBytes(exifName, makeTiff(1), bytes.subarray(0, 2000))),
  ),
  changed('a second picture behind it', (bytes) => joinBytes(bytes, bytes)),
  changed('without Huffman tables', asMotionJpeg),
  changed('a gain map behind it, Ultra HDR', (bytes) => asUltraHdr(bytes, bytes)),
  changed('a video behind it', (bytes) => asMotionPhoto(bytes, 500_000)),
  changed("Samsung's trailer", (bytes) => asSamsungPhoto(bytes, 500_000)),
  changed('depth in its segments', (bytes) => withDepth(bytes, 500_000)),
  changed('without end marker', (bytes) => bytes.subarray(0, -2)),
  changed('stray bytes between segments', (bytes) =>
    joinBytes(
      bytes.subarray(0, quantised(bytes)),
      Uint8Array.of(1, 2, 3),
      bytes.subarray(quantised(bytes)),
    ),
  ),
  changed('half of it missing', (bytes) =>
    joinBytes(bytes.subarray(0, bytes.length >> 1), Uint8Array.of(0xff, 0xd9)),
  ),
  png('RGB', { colourType: 2, bitDepth: 8 }, (rgb) => rgb),
  {
    name: 'PNG, without end chunk',
    make: (portrait) => makeRgbPng(portrait).subarray(0, -12),
  },
  png('RGB, 16 bits', { colourType: 2, bitDepth: 16 }, (rgb) => rgb.map(wide)),
  png('RGB, interlaced', { colourType: 2, bitDepth: 8, interlaced: true }, (rgb) => rgb),
  png('RGBA', { colourType: 6, bitDepth: 8 }, (rgb) => [...rgb, 255]),
  png('RGBA, 16 bits, interlaced', { colourType: 6, bitDepth: 16, interlaced: true }, (rgb) =>
    [...rgb, 255].map(wide),
  ),
  png(
    'RGB with a transparent colour',
    { colourType: 2, bitDepth: 8, transparency: [0, 1, 0, 2, 0, 3] },
    (rgb) => rgb,
  ),
  png('grey', { colourType: 0, bitDepth: 8 }, (rgb) => [grey(rgb)]),
  png('grey, 16 bits', { colourType: 0, bitDepth: 16 }, (rgb) => [wide(grey(rgb))]),
  png('grey, 4 bits', { colourType: 0, bitDepth: 4 }, (rgb) => [Math.round(grey(rgb) / 17)]),
  png('grey and alpha', { colourType: 4, bitDepth: 8 }, (rgb) => [grey(rgb), 255]),
  png('palette of 216 colours', { colourType: 3, bitDepth: 8, palette: webSafe }, (rgb, x, y) => [
    nearestWebSafe(rgb, x, y),
  ]),
  png(
    'palette of 16 greys, 4 bits',
    { colourType: 3, bitDepth: 4, palette: sixteenGreys },
    (rgb) => [Math.round(grey(rgb) / 17)],
  ),
  png(
    'an extension that is not ordinary',
    { colourType: 2, bitDepth: 8, before: [pngChunk('CgBI', new Uint8Array(4))] },
    (rgb) => rgb,
  ),
  webp('lossy', { quality: 85 }),
  webp('lossy, quality 10', { quality: 10 }),
  webp('lossy, sharp colours', { quality: 90, use_sharp_yuv: 1 }),
  webp('lossless', { lossless: 1, exact: 1 }),
  webp('nearly lossless', { lossless: 1, near_lossless: 60 }),
  webp('lossy with transparency', { quality: 85 }, (x, y) => (x < 8 && y < 8 ? 0 : 255)),
  webp('lossless with transparency', { lossless: 1, exact: 1 }, (x, y) =>
    x < 8 && y < 8 ? 0 : 255,
  ),
  {
    name: 'WebP, animated',
    make: async (portrait) => addWebpChunk(await makeWebp(portrait), 'ANIM', new Uint8Array(6)),
  },
  { name: 'HEIC', make: () => mediaFile('heic') },
  { name: 'AVIF', make: () => mediaFile('mif1', 'avif') },
  { name: 'GIF', make: () => new TextEncoder().encode('GIF89a and more') },
]

/** The first box of an ISO media file, and nothing behind it. */
function mediaFile(...brands: readonly string[]): Uint8Array {
  const text = new TextEncoder().encode(`ftyp${brands[0]}\0\0\0\0${brands.join('')}`)
  return joinBytes(Uint8Array.of(0, 0, 0, text.length + 4), text)
}
