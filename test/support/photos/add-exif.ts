/** Puts an EXIF orientation, or any other metadata, into finished photos. */
import type { PhotoFormat } from '../../../src/image/decode/formats.ts'
import { joinBytes, pngChunk } from './make-png.ts'

/** A TIFF structure with one entry, the orientation. */
export function makeTiff(orientation: number, order: 'II' | 'MM' = 'MM'): Uint8Array {
  const little = order === 'II'
  const tiff = new Uint8Array(26)
  const view = new DataView(tiff.buffer)
  tiff.set(new TextEncoder().encode(order))
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  view.setUint16(8, 1, little)
  view.setUint16(10, 0x0112, little)
  view.setUint16(12, 3, little)
  view.setUint32(14, 1, little)
  view.setUint16(18, orientation, little)
  return tiff
}

export function addExif(format: PhotoFormat, photo: Uint8Array, tiff: Uint8Array): Uint8Array {
  if (format === 'jpeg') return addJpegSegment(photo, 0xe1, joinBytes(exifName, tiff))
  if (format === 'png') return addPngChunk(photo, 'eXIf', tiff)
  return addWebpChunk(photo, 'EXIF', tiff)
}

export const exifName = new TextEncoder().encode('Exif\0\0')

/** Right behind SOI. */
export function addJpegSegment(jpeg: Uint8Array, marker: number, body: Uint8Array): Uint8Array {
  const length = body.length + 2
  const head = Uint8Array.of(0xff, marker, length >> 8, length & 0xff)
  return joinBytes(jpeg.subarray(0, 2), head, body, jpeg.subarray(2))
}

/** Right behind IHDR. */
export function addPngChunk(png: Uint8Array, type: string, body: Uint8Array): Uint8Array {
  return joinBytes(png.subarray(0, 33), pngChunk(type, body), png.subarray(33))
}

/** At the end, and the file's length is corrected; VP8X is left out, which decoders do not mind. */
export function addWebpChunk(webp: Uint8Array, type: string, body: Uint8Array): Uint8Array {
  const joined = joinBytes(webp, riffChunk(type, body))
  new DataView(joined.buffer).setUint32(4, joined.length - 8, true)
  return joined
}

export function riffChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(8 + body.length + (body.length & 1))
  chunk.set(new TextEncoder().encode(type))
  new DataView(chunk.buffer).setUint32(4, body.length, true)
  chunk.set(body, 8)
  return chunk
}
