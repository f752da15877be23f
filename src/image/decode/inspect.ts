/**
 * What a photo is, from its bytes alone, before anything is decoded: format by magic bytes (never by name or content
 * type), size, orientation. Refuses everything that would not be decoded correctly or would not fit into memory.
 */
import { FaceError } from '../../errors/face-error.ts'
import { maxBufferedPixels, maxPhotoBytes, maxPhotoPixels, maxPhotoSide } from '../limits.ts'
import { type Orientation, readOrientation } from '../orientation.ts'
import { nameForeignFormat } from './foreign-format.ts'
import type { FormatHeader } from './format-header.ts'
import { formatOf, type PhotoFormat, photoFormatList, photoFormats, wholeList } from './formats.ts'

export interface PhotoHeader extends Omit<FormatHeader, 'exif'> {
  readonly format: PhotoFormat
  readonly orientation: Orientation
}

/** Throws FaceError image_unreadable, image_unsupported or image_too_large. */
export function inspectPhoto(bytes: Uint8Array): PhotoHeader {
  if (bytes.length === 0) {
    throw new FaceError('image_unreadable', 'The photo is empty (0 bytes).')
  }
  if (bytes.length > maxPhotoBytes) {
    throw new FaceError(
      'image_too_large',
      `The photo has ${bytes.length} bytes; at most ${maxPhotoBytes} are accepted.`,
    )
  }
  const format = formatOf(bytes)
  if (format === undefined) {
    const found = nameForeignFormat(bytes) ?? 'of an unknown format'
    throw new FaceError('image_unsupported', `The photo is ${found}; expected ${photoFormatList}.`)
  }
  const { exif, ...header } = photoFormats[format].readHeader(bytes)
  checkSize(header)
  return { format, ...header, orientation: readOrientation(exif) }
}

function checkSize({ width, height, buffered }: Omit<FormatHeader, 'exif'>): void {
  const size = `${width} x ${height}`
  if (width === 0 || height === 0) {
    throw new FaceError('image_unreadable', `The photo's header says ${size} pixels.`)
  }
  if (width > maxPhotoSide || height > maxPhotoSide) {
    throw new FaceError(
      'image_too_large',
      `The photo has ${size} pixels; no side may exceed ${maxPhotoSide}.`,
    )
  }
  const limit = buffered ? maxBufferedPixels : maxPhotoPixels
  if (width * height > limit) {
    const kind = buffered ? `a ${wholeList}` : 'a photo'
    throw new FaceError(
      'image_too_large',
      `The photo has ${size} = ${width * height} pixels; ${kind} may have at most ${limit}.`,
    )
  }
}
