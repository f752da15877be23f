/** Photos that nobody should decode: damaged ones, ones whose header promises far more than it holds, and no photos at all. */

import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { encode, join, mutated } from './mutate.ts'
import { smallPhotos } from './small-photos.ts'

export const photo = fc.constantFrom(...smallPhotos)

const side = fc.constantFrom(0, 1, 2, 255, 8192, 8193, 40_000, 65_535)

/** The photo with another size in its header; a PNG's checksum is made right again. */
function resized(bytes: Uint8Array, width: number, height: number): Uint8Array {
  const photo = bytes.slice()
  const view = new DataView(photo.buffer)
  if (photo[0] === 0x89) {
    view.setUint32(16, width)
    view.setUint32(20, height)
    view.setUint32(29, crc32(photo.subarray(12, 29)))
  } else if (photo[0] === 0xff) {
    const frame = photo.findIndex(
      (byte, i) => byte === 0xff && [0xc0, 0xc2].includes(photo[i + 1]!),
    )
    view.setUint16(frame + 5, height)
    view.setUint16(frame + 7, width)
  } else if (photo[15] === 0x20) {
    view.setUint16(26, width & 0x3fff, true)
    view.setUint16(28, height & 0x3fff, true)
  } else {
    view.setUint32(21, (width & 0x3fff) | ((height & 0x3fff) << 14), true)
  }
  return photo
}

const beginnings = ['GIF89a', 'BM', '\x89PNG\r\n\x1a\n', 'RIFF\xff\xff\xff\xffWEBPVP8X', '%PDF-1.7']

export const hostilePhoto: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: mutated(photo) },
  {
    weight: 2,
    arbitrary: fc.tuple(photo, side, side).map(([bytes, w, h]) => resized(bytes, w, h)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(photo, photo).map(([a, b]) => join(a.subarray(0, a.length >> 1), b)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 100 }))
      .map(([text, rest]) =>
        join(
          Uint8Array.from(text, (c) => c.charCodeAt(0)),
          rest,
        ),
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '\xff\xd8\xff', '<svg/>').map(encode) },
)
