import { beforeAll, describe, expect, it } from 'vitest'
import { inspectPhoto } from '../../../src/image/decode/inspect.ts'
import { maxPhotoBytes } from '../../../src/image/limits.ts'
import {
  addJpegSegment,
  addPngChunk,
  addWebpChunk,
  exifName,
  makeTiff,
  riffChunk,
} from '../../support/photos/add-exif.ts'
import { makeJpeg, makePicture, makeRgbPng, makeWebp } from '../../support/photos/make-photo.ts'
import { joinBytes, makePng, pngChunk } from '../../support/photos/make-png.ts'

const picture = makePicture(24, 16)
let jpeg: Uint8Array
let progressive: Uint8Array
let webp: Uint8Array
let lossless: Uint8Array
const png = makeRgbPng(picture)

beforeAll(async () => {
  jpeg = await makeJpeg(picture)
  progressive = await makeJpeg(picture, { progressive: true })
  webp = await makeWebp(picture)
  lossless = await makeWebp(picture, { lossless: 1 })
})

/** A PNG with bytes of its IHDR replaced and the checksum made to fit. */
function patchIhdr(at: number, ...values: number[]): Uint8Array {
  const ihdr = png.slice(16, 29)
  ihdr.set(values, at)
  return joinBytes(png.subarray(0, 8), pngChunk('IHDR', ihdr), png.subarray(33))
}

/** A copy with one run of bytes replaced. */
function patch(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(values, at)
  return copy
}

const sofAt = (bytes: Uint8Array) => {
  const at = bytes.findIndex(
    (byte, i) => byte === 0xff && (bytes[i + 1] === 0xc0 || bytes[i + 1] === 0xc2),
  )
  if (at < 0) throw new Error('no frame header')
  return at
}

/** The header, or what was thrown. */
function outcomeOf(bytes: Uint8Array): unknown {
  try {
    return inspectPhoto(bytes)
  } catch (error) {
    return error
  }
}

function expectRefusal(bytes: Uint8Array, code: string, message: string | RegExp): void {
  const caught = outcomeOf(bytes)
  expect(caught).toMatchObject({ name: 'FaceError', code })
  expect((caught as Error).message).toMatch(message)
}

describe('what is accepted', () => {
  it('reads size and kind of all formats', () => {
    const size = { width: 24, height: 16, orientation: 1 }
    const kinds: [Uint8Array, string, string][] = [
      [jpeg, 'jpeg', 'baseline JPEG'],
      [progressive, 'jpeg', 'progressive JPEG'],
      [png, 'png', 'PNG'],
      [webp, 'webp', 'lossy WebP'],
      [lossless, 'webp', 'lossless WebP'],
    ]
    for (const [photo, format, kind] of kinds) {
      expect(inspectPhoto(photo)).toMatchObject({ format, ...size, kind, shrink: 1 })
    }
  })

  it('reads a photo that lies inside a larger buffer', () => {
    const inside = joinBytes(new Uint8Array(7), png, new Uint8Array(5)).subarray(7, 7 + png.length)
    expect(inspectPhoto(inside)).toMatchObject({ width: 24, height: 16, end: png.length })
  })

  it('leaves out what follows the picture', () => {
    for (const photo of [jpeg, progressive, png, webp, lossless]) {
      expect(inspectPhoto(joinBytes(photo, jpeg)).end).toBe(photo.length)
    }
  })

  it('is not fooled by a thumbnail in an APP segment', async () => {
    const thumbnail = await makeJpeg(makePicture(8, 8))
    const withThumbnail = addJpegSegment(jpeg, 0xe1, joinBytes(exifName, makeTiff(6), thumbnail))
    expect(inspectPhoto(withThumbnail)).toMatchObject({ width: 24, height: 16, orientation: 6 })
  })

  it('skips bytes before a marker as libjpeg does', () => {
    const at = sofAt(jpeg)
    const stray = Uint8Array.of(1, 2, 0xff, 0xff)
    const filled = joinBytes(jpeg.subarray(0, at), stray, jpeg.subarray(at))
    expect(inspectPhoto(filled)).toMatchObject({ width: 24, height: 16 })
  })
})

describe('what is no photo', () => {
  it.each([
    ['GIF89a', 'a GIF'],
    ['BM\x36\0\0\0', 'a BMP'],
    ['II*\0\x08\0\0\0', 'a TIFF'],
    ['%PDF-1.7', 'a PDF'],
    ['\0\0\0\x18ftypheic', 'a HEIC'],
    ['\0\0\0\x18ftypavif', 'an AVIF'],
    ['\0\0\0\x18ftypmp42', 'a video'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'a HEIC'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif', 'an AVIF'],
    ['\0\0\0\x14ftypmif1\0\0\0\0mif1', 'a HEIC or AVIF'],
    ['\0\0\0\x14ftypheix\0\0\0\0mif1', 'a HEIC'],
    ['\0\0\0\x18ftypmsf1\0\0\0\0hevcmsf1', 'a HEIC'],
    ['<?xml version="1.0"?>\n<svg width="1">', 'an SVG'],
    ['\xef\xbb\xbf<svg>', 'an SVG'],
    ['hello', 'of an unknown format'],
    ['/9j/4AAQSkZJRg', 'base64 text instead of its bytes'],
    ['data:image/png;base64,iVBORw0KGgo', 'base64 text instead of its bytes'],
    ['<!DOCTYPE html><html><svg>', 'a page of HTML'],
    ['\r\n\xff\xd8\xff\xe0', 'one with text in front of it'],
    ['\xef\xbb\xbf\x89PNG\r\n', 'one with text in front of it'],
    ['\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\0\x10JFIF', 'one whose bytes were changed'],
    ['\xc3\xbf\xc3\x98\xc3\xbf\xc3\xa0', 'one whose bytes were changed'],
    ['\xef\xbf\xbdPNG\r\n\x1a\n', 'one whose bytes were changed'],
    ['\x89PNG\n\x1a\n', 'one whose bytes were changed'],
    ['RIFF\x10\0\0\0AVI LIST', 'a video'],
    ['\x1a\x45\xdf\xa3', 'a video'],
    ['\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'a raw photo'],
    ['RIFF\x10\0\0\0WAVE', 'of an unknown format'],
    ['MM\0+\0\x08\0\0', 'a TIFF or raw photo;'],
    ['FUJIFILMCCD-RAW 0201', 'a raw photo;'],
    ['IIRO\x08\0\0\0', 'a raw photo;'],
    ['IIU\0\x18\0\0\0', 'a raw photo;'],
    ['8BPS\0\x01', 'a file of Photoshop;'],
    ['\0\0\x01\0\x01\0\x20\x20', 'an icon;'],
    ['\x8bJNG\r\n\x1a\n', 'a JNG;'],
    ['qoif\0\0\0\x20', 'a QOI;'],
    ['P6\n24 16\n255\n', 'a PNM;'],
    ['\xff\x4f\xff\x51\0\x29', 'a JPEG 2000;'],
    ['\0\0\0\x18ftypjxl \0\0\0\0jxl ', 'a JPEG XL;'],
    ['II\xbc\x01', 'a JPEG XR;'],
    ['%!PS-Adobe-3.0 EPSF-3.0', 'a PostScript file;'],
    ['PK\x03\x04\x14\0', 'a ZIP archive;'],
    ['\x1f\x8b\x08\0', 'compressed with gzip;'],
    ['\0\x05\x16\x07\0\x02\0\0Mac OS X', "a Mac's note about another file"],
    ['version https://git-lfs.github.com/spec/v1\n', 'a pointer of Git LFS'],
    ['\0\0\0\x08wide\0\0\x10\0mdat', 'a video;'],
    ['"/9j/4AAQSkZJRg"', 'base64 text instead of its bytes'],
    ['AAAAGGZ0eXBoZWlj', 'base64 text instead of its bytes'],
    ['ffd8ffe000104a464946', 'hexadecimal text instead of its bytes'],
    ['<head><title>404</title>', 'a page of HTML'],
    ['{ "message": "Not Found" }', 'JSON;'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code>', 'XML;'],
    ['\0'.repeat(200), 'nothing but zeros;'],
    ['\x7fX\x7f`\0\x10JFIF', 'one whose bytes were changed as if they were text;'],
    ['\tPNG\r\n\x1a\n', 'one whose bytes were changed as if they were text;'],
    ['RIFF\xc2\x90\x16\0\0WEBPVP8 ', 'one whose bytes were changed as if they were text;'],
  ])('names %j', (text, name) => {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
    expectRefusal(bytes, 'image_unsupported', `The photo is ${name}`)
    expectRefusal(bytes, 'image_unsupported', /expected JPEG, PNG or WebP\./)
  })

  it('refuses zero bytes', () => {
    expectRefusal(new Uint8Array(0), 'image_unreadable', 'The photo is empty (0 bytes).')
  })
})

describe('what is too large', () => {
  it('refuses more bytes than allowed before looking at them', () => {
    const bytes = new Uint8Array(maxPhotoBytes + 1)
    expectRefusal(bytes, 'image_too_large', '8388609 bytes; at most 8388608')
  })

  it('reads the size from the header and gives it with the limit', () => {
    const at = sofAt(jpeg) + 5
    expectRefusal(
      patch(jpeg, at, 0x17, 0xa0, 0x1f, 0x80),
      'image_too_large',
      /^The photo has 8064 x 6048 = 48771072 pixels; a baseline JPEG may have at most 33554432\. Send 1,280 pixels on the longer side\.$/,
    )
    expectRefusal(
      patchIhdr(0, 0, 0, 8, 0, 0, 0, 8, 1),
      'image_too_large',
      '2048 x 2049 = 4196352 pixels; a PNG may have at most 4194304',
    )
    expect(inspectPhoto(patchIhdr(0, 0, 0, 8, 0, 0, 0, 8, 0))).toMatchObject({ height: 2048 })
  })

  it('decodes a JPEG smaller, as far as the networks need it', () => {
    const at = sofAt(jpeg) + 5
    const shrinkOf = (...size: number[]) => inspectPhoto(patch(jpeg, at, ...size)).shrink
    expect(shrinkOf(0x06, 0x00, 0x08, 0x00)).toBe(1)
    expect(shrinkOf(0x06, 0x01, 0x08, 0x00)).toBe(2)
    expect(shrinkOf(0x0b, 0xd0, 0x0f, 0xc0)).toBe(2)
    expect(shrinkOf(0x10, 0xbc, 0x16, 0x50)).toBe(4)
  })

  it('decodes a progressive JPEG smaller where its coefficients take more than there is', () => {
    const at = sofAt(progressive) + 5
    expect(inspectPhoto(patch(progressive, at, 0x02, 0xd0, 0x05, 0x00)).shrink).toBe(1)
    expect(inspectPhoto(patch(progressive, at, 0x07, 0xe0, 0x05, 0xe8)).shrink).toBe(2)
    // 12, 24 and 32 megapixels with colours as fine as the light.
    expect(inspectPhoto(patch(progressive, at, 0x0b, 0xd0, 0x0f, 0xc0)).shrink).toBe(4)
    expect(inspectPhoto(patch(progressive, at, 0x10, 0xbc, 0x16, 0x50)).shrink).toBe(4)
    expect(inspectPhoto(patch(progressive, at, 0x14, 0x00, 0x19, 0x00)).shrink).toBe(8)
    // 12 megapixels with colours of half the width and height, as phones write them.
    const coarse = patch(progressive, at, 0x0b, 0xd0, 0x0f, 0xc0)
    coarse[at + 6] = 0x22
    expect(inspectPhoto(coarse).shrink).toBe(2)
    expectRefusal(
      patch(progressive, at, 0x17, 0xa0, 0x1f, 0x80),
      'image_too_large',
      'a progressive JPEG may have at most 33554432',
    )
  })

  it('refuses nothing for its size where memory is plenty, and decodes what it can smaller', () => {
    const at = sofAt(progressive) + 5
    const large = patch(progressive, at, 0x0b, 0xd0, 0x0f, 0xc0)
    expect(inspectPhoto(large, 'plenty').shrink).toBe(4)
    expect(
      inspectPhoto(patch(jpeg, sofAt(jpeg) + 5, 0x17, 0xa0, 0x1f, 0x80), 'plenty').shrink,
    ).toBe(4)
  })

  it('refuses a side beyond the limit and a PNG of billions of pixels', () => {
    expectRefusal(patch(jpeg, sofAt(jpeg) + 5, 0, 1, 0x20, 1), 'image_too_large', '8193 x 1')
    expectRefusal(patchIhdr(0, 0x7f, 0xff, 0xff, 0xff), 'image_too_large', '2147483647 x 16')
  })

  it('names the size of what is too large even where memory is plenty', () => {
    const huge = patchIhdr(0, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff)
    expect(() => inspectPhoto(huge, 'plenty')).toThrow(
      expect.objectContaining({
        code: 'image_too_large',
        message: expect.stringContaining('a PNG of 65535 x 65535 pixels, takes 12'),
      }),
    )
  })
})

describe('JPEG', () => {
  it.each([
    [0xc3, 'lossless'],
    [0xc5, 'hierarchical'],
    [0xc9, 'arithmetic-coded'],
    [0xca, 'arithmetic-coded'],
    [0xde, 'hierarchical'],
    [0xf7, 'a JPEG-LS'],
  ])('refuses frame marker %i as %s', (marker, kind) => {
    const patched = patch(jpeg, sofAt(jpeg) + 1, marker)
    expectRefusal(patched, 'image_unsupported', `The JPEG is ${kind}; expected baseline`)
  })

  it('refuses 12 bits and components that make no colours', () => {
    const at = sofAt(jpeg)
    expectRefusal(patch(jpeg, at + 4, 12), 'image_unsupported', '12 bits per sample')
    const withComponents = (count: number): Uint8Array =>
      joinBytes(
        jpeg.subarray(0, at),
        Uint8Array.of(0xff, 0xc0, 0, 8 + 3 * count, 8, 0, 16, 0, 24, count),
        ...Array.from({ length: count }, (_, i) => Uint8Array.of(i + 1, 0x11, 0)),
        jpeg.subarray(at + 19),
      )
    expectRefusal(withComponents(2), 'image_unsupported', 'one of 2 components')
    expectRefusal(withComponents(5), 'image_unsupported', 'one of 5 components')
    expect(inspectPhoto(withComponents(4))).toMatchObject({ width: 24, height: 16 })
  })

  it('refuses zero width and height', () => {
    const at = sofAt(jpeg) + 5
    expectRefusal(patch(jpeg, at, 0, 0), 'image_unreadable', '24 x 0 pixels')
    expectRefusal(patch(jpeg, at + 2, 0, 0), 'image_unreadable', '0 x 16 pixels')
  })

  it('refuses a frame header of the wrong length, a second one, and a scan before it', () => {
    const at = sofAt(jpeg)
    const frame = jpeg.subarray(at, at + 19)
    expectRefusal(patch(jpeg, at + 9, 1), 'image_unreadable', 'malformed frame header')
    expectRefusal(
      joinBytes(jpeg.subarray(0, at), frame, jpeg.subarray(at)),
      'image_unreadable',
      'two frame headers',
    )
    expectRefusal(
      joinBytes(jpeg.subarray(0, at), jpeg.subarray(at + 19)),
      'image_unreadable',
      'scan before its frame header',
    )
  })

  it('does without the end marker, and refuses a file that ends before any scan', () => {
    expect(inspectPhoto(jpeg.subarray(0, -2))).toMatchObject({ end: jpeg.length - 2 })
    expect(inspectPhoto(progressive.subarray(0, -1))).toMatchObject({ width: 24 })
    const noScan = joinBytes(jpeg.subarray(0, sofAt(jpeg) + 19), Uint8Array.of(0xff, 0xd9))
    expectRefusal(noScan, 'image_unreadable', 'no picture')
  })

  it('refuses a file of very many scans', () => {
    const scan = Uint8Array.of(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
    const bomb = joinBytes(jpeg.subarray(0, -2), ...Array(32).fill(scan), jpeg.subarray(-2))
    expectRefusal(bomb, 'image_unsupported', 'more than 32 scans')
  })

  it('refuses a file of very many segments', () => {
    const withEmpty = (count: number) =>
      joinBytes(
        jpeg.subarray(0, 2),
        ...Array(count).fill(Uint8Array.of(0xff, 0xe0, 0, 2)),
        jpeg.subarray(2),
      )
    expect(inspectPhoto(withEmpty(900))).toMatchObject({ width: 24, height: 16 })
    expectRefusal(withEmpty(1024), 'image_unsupported', 'more than 1024 segments')
  })

  it('refuses a segment of more Huffman tables than a file can name', () => {
    const at = sofAt(jpeg)
    const withTables = (count: number) => {
      const segment = Uint8Array.of(0xff, 0xc4, (2 + 17 * count) >> 8, (2 + 17 * count) & 255)
      const tables = new Uint8Array(17 * count)
      for (let i = 0; i < count; i++) tables[17 * i] = ((i & 4) << 2) | (i & 3)
      return joinBytes(jpeg.subarray(0, at), segment, tables, jpeg.subarray(at))
    }
    expect(inspectPhoto(withTables(8))).toMatchObject({ width: 24, height: 16 })
    expectRefusal(withTables(9), 'image_unreadable', 'damaged')
    expectRefusal(withTables(3854), 'image_unreadable', 'damaged')
  })

  it('refuses more Huffman tables in all than its scans can have', () => {
    const at = sofAt(jpeg)
    const inJpeg = 4
    const segment = Uint8Array.of(0xff, 0xc4, 0, 19, ...new Uint8Array(17))
    const withSegments = (count: number) =>
      joinBytes(jpeg.subarray(0, at), ...Array(count).fill(segment), jpeg.subarray(at))
    expect(inspectPhoto(withSegments(256 - inJpeg))).toMatchObject({ width: 24, height: 16 })
    expectRefusal(
      withSegments(257 - inJpeg),
      'image_unsupported',
      'one of more than 256 Huffman tables',
    )
  })

  it('refuses a segment of more quantisation tables than a file can name', () => {
    const at = sofAt(jpeg)
    const withTables = (count: number) => {
      const length = 2 + 65 * count
      const segment = Uint8Array.of(0xff, 0xdb, length >> 8, length & 255)
      const tables = new Uint8Array(65 * count).fill(16)
      for (let i = 0; i < count; i++) tables[65 * i] = i & 3
      return joinBytes(jpeg.subarray(0, at), segment, tables, jpeg.subarray(at))
    }
    expect(inspectPhoto(withTables(4))).toMatchObject({ width: 24, height: 16 })
    expectRefusal(withTables(5), 'image_unreadable', 'damaged')
    expectRefusal(withTables(1008), 'image_unreadable', 'damaged')
  })
})

describe('PNG', () => {
  it('refuses invalid headers', () => {
    expectRefusal(patchIhdr(8, 3), 'image_unreadable', 'colour type 2, bit depth 3')
    expectRefusal(patchIhdr(9, 5), 'image_unreadable', 'colour type 5')
    expectRefusal(patchIhdr(12, 2), 'image_unreadable', 'invalid IHDR')
    expectRefusal(patchIhdr(0, 0, 0, 0, 0), 'image_unreadable', '0 x 16 pixels')
  })

  it('refuses missing, doubled and misplaced chunks', () => {
    const ihdr = png.subarray(8, 33)
    const iend = png.subarray(-12)
    const head = png.subarray(0, 8)
    expectRefusal(joinBytes(head, iend), 'image_unreadable', 'does not begin with IHDR')
    expectRefusal(joinBytes(head, ihdr, ihdr, iend), 'image_unreadable', 'two IHDR')
    expectRefusal(joinBytes(head, ihdr, iend), 'image_unreadable', 'no IDAT')
    expectRefusal(png.subarray(0, 40), 'image_unreadable', 'cut short')
    expectRefusal(joinBytes(head, ihdr), 'image_unreadable', 'cut short')
  })

  it('refuses a file of very many chunks', () => {
    const empty = pngChunk('tEXt', new Uint8Array(0))
    const bomb = joinBytes(png.subarray(0, 33), ...Array(8192).fill(empty), png.subarray(33))
    expectRefusal(bomb, 'image_unreadable', 'more than 8192 chunks')
  })

  it('refuses an unknown critical chunk and passes over unknown others', () => {
    const body = new Uint8Array(4)
    expectRefusal(addPngChunk(png, 'CgBI', body), 'image_unsupported', 'the extension "CgBI"')
    expect(inspectPhoto(addPngChunk(png, 'prIv', body))).toMatchObject({ width: 24 })
  })

  it('refuses an animated PNG, which may never show its default image', () => {
    const animated = makePng({
      width: 2,
      height: 1,
      colourType: 0,
      bitDepth: 8,
      sample: (x) => [x],
      before: [pngChunk('acTL', Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0))],
    })
    expectRefusal(animated, 'image_unsupported', 'The PNG is animated; expected a still picture.')
  })

  const chunk = {
    PLTE: pngChunk('PLTE', Uint8Array.of(1, 2, 3)),
    tRNS: pngChunk('tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3)),
  }

  /** Chunks in front of the pixels and behind them. */
  const ordered = (before: readonly Uint8Array[], after: readonly Uint8Array[] = []) =>
    joinBytes(png.subarray(0, 33), ...before, png.subarray(33, -12), ...after, png.subarray(-12))

  it('refuses palette, transparency and pixels out of order, which viewers ignore', () => {
    const { PLTE, tRNS } = chunk
    expect(inspectPhoto(ordered([PLTE, tRNS]))).toMatchObject({ width: 24 })
    const outOfOrder: [string, Uint8Array][] = [
      ['tRNS', ordered([], [tRNS])],
      ['tRNS', ordered([tRNS, tRNS])],
      ['PLTE', ordered([tRNS, PLTE])],
      ['PLTE', ordered([PLTE, PLTE])],
      ['PLTE', ordered([], [PLTE])],
      [
        'IDAT',
        ordered([], [pngChunk('tEXt', new Uint8Array(0)), pngChunk('IDAT', Uint8Array.of(1))]),
      ],
    ]
    for (const [type, file] of outOfOrder) {
      expectRefusal(file, 'image_unreadable', `The PNG has a chunk "${type}" out of order.`)
    }
  })

  const gammaChunk = (gamma: number): Uint8Array => {
    const body = new Uint8Array(4)
    new DataView(body.buffer).setUint32(0, gamma)
    return pngChunk('gAMA', body)
  }

  it('refuses a PNG that is to be shown with an odd gamma', () => {
    for (const gamma of [20_000, 45_455, 55_556, 100_000, 125_000, 0]) {
      expect(inspectPhoto(ordered([gammaChunk(gamma)])), `${gamma}`).toMatchObject({ width: 24 })
    }
    for (const [gamma, exponent] of [
      [2_273, '44'],
      [19_600, '5.1'],
      [126_700, '0.79'],
      [200_000, '0.50'],
    ] as const) {
      expectRefusal(
        ordered([gammaChunk(gamma)]),
        'image_unsupported',
        `The PNG is to be shown with an exponent of ${exponent} (gAMA); expected an ordinary PNG.`,
      )
    }
    for (const gamma of [19_999, 125_001]) {
      expectRefusal(ordered([gammaChunk(gamma)]), 'image_unsupported', '(gAMA); expected')
    }
  })

  it('passes over an odd gamma that viewers ignore: damaged, or behind palette or pixels', () => {
    const odd = gammaChunk(2_273)
    for (const file of [
      ordered([odd.with(11, odd[11]! ^ 1) as Uint8Array]),
      ordered([chunk.PLTE, odd]),
      ordered([], [odd]),
    ]) {
      expect(inspectPhoto(file)).toMatchObject({ width: 24, height: 16 })
    }
  })
})

describe('WebP', () => {
  const extended = (flags: number, width: number, height: number, ...chunks: Uint8Array[]) => {
    const head = joinBytes(
      new TextEncoder().encode('RIFF\0\0\0\0WEBP'),
      riffChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0)),
      ...chunks,
    )
    new DataView(head.buffer).setUint32(4, head.length - 8, true)
    return head
  }

  it('reads an extended file', () => {
    expect(inspectPhoto(extended(0, 24, 16, webp.subarray(12)))).toMatchObject({ width: 24 })
  })

  it('refuses a file of very many chunks', () => {
    const empty = riffChunk('none', new Uint8Array(0))
    const withEmpty = (count: number) =>
      extended(0, 24, 16, ...Array(count).fill(empty), webp.subarray(12))
    expect(inspectPhoto(withEmpty(1022))).toMatchObject({ width: 24 })
    expectRefusal(withEmpty(1023), 'image_unreadable', 'more than 1024 chunks')
  })

  it('refuses an animation', () => {
    const frame = riffChunk('ANMF', new Uint8Array(16))
    expectRefusal(extended(2, 24, 16, frame), 'image_unsupported', 'The WebP is animated')
    expectRefusal(extended(0, 24, 16, frame), 'image_unsupported', 'The WebP is animated')
  })

  it('refuses a canvas that is not the picture', () => {
    const file = extended(0, 25, 16, webp.subarray(12))
    expectRefusal(file, 'image_unreadable', 'canvas of 25 x 16 around a picture of 24 x 16')
  })

  it('refuses lengths that lead out of the file', () => {
    const short = webp.subarray(0, -2)
    expectRefusal(short, 'image_unreadable', `${short.length} of its ${webp.length} bytes`)
    expectRefusal(patch(webp, 16, 0xff, 0xff), 'image_unreadable', 'ends behind the file')
  })

  it('refuses a file that ends within the name and length of a chunk', () => {
    const head = new TextEncoder().encode('RIFF\x0c\0\0\0WEBPVP8 \0\0\0')
    expectRefusal(head, 'image_unreadable', 'has no picture')
  })

  it('refuses or reads a file that is cut at any byte, whatever length it says', () => {
    for (const whole of [
      webp,
      lossless,
      extended(0, 24, 16, webp.subarray(12)),
      addWebpChunk(webp, 'EXIF', makeTiff(6)),
      addWebpChunk(lossless, 'XMP ', new Uint8Array(3)),
      addWebpChunk(webp, 'XMP ', new Uint8Array(0)),
    ]) {
      for (let length = 0; length < whole.length; length++) {
        for (const missing of [0, 1]) {
          const cut = whole.slice(0, length)
          if (length >= 12) new DataView(cut.buffer).setUint32(4, length - 8 + missing, true)
          const outcome = outcomeOf(cut)
          if (length < 12) expect(outcome).toMatchObject({ name: 'FaceError' })
          else if (outcome instanceof Error)
            expect(outcome).toMatchObject({ name: 'FaceError', code: 'image_unreadable' })
          else expect(outcome).toMatchObject({ width: 24, height: 16 })
        }
      }
    }
  })

  it('refuses malformed bitstream headers', () => {
    expectRefusal(patch(webp, 23, 0), 'image_unreadable', 'malformed VP8 header')
    expectRefusal(patch(lossless, 20, 0), 'image_unreadable', 'malformed VP8L header')
    expectRefusal(patch(webp, 12, 0x4a), 'image_unreadable', 'does not begin with a picture')
    expectRefusal(extended(0, 24, 16), 'image_unreadable', 'no picture')
    expectRefusal(addWebpChunk(webp, 'ANIM', new Uint8Array(6)), 'image_unsupported', 'animated')
  })
})
