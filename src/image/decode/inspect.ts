/**
 * What a photo is, from its bytes alone, before anything is decoded: format by magic bytes (never by name or content
 * type), size, orientation. Refuses everything that would not be decoded correctly or would not fit into memory.
 */
import { FaceError } from '../../errors/face-error.ts'
import {
  maxDecoderBytes,
  maxPhotoBytes,
  maxPhotoSide,
  maxPicturePixels,
  maxPlentyBytes,
  sizeAdvice,
} from '../limits.ts'
import { type Orientation, readOrientation } from '../orientation.ts'
import type { Room } from './codecs.ts'
import { nameForeignFormat, unsupportedPhoto } from './foreign-format.ts'
import type { FormatHeader, Shrink } from './format-header.ts'
import { formatOf, type PhotoFormat, photoFormats } from './formats.ts'

export interface PhotoHeader extends Omit<FormatHeader, 'exif'> {
  readonly format: PhotoFormat
  readonly orientation: Orientation
  /** How much smaller it is decoded. */
  readonly shrink: Shrink
}

/** Throws FaceError image_unreadable, image_unsupported or image_too_large. */
export function inspectPhoto(bytes: Uint8Array, room: Room = 'isolate'): PhotoHeader {
  if (bytes.length === 0) {
    throw new FaceError('image_unreadable', 'The photo is empty (0 bytes).')
  }
  if (room === 'isolate' && bytes.length > maxPhotoBytes) {
    throw tooLarge(`The photo has ${bytes.length} bytes; at most ${maxPhotoBytes} are accepted`)
  }
  const format = formatOf(bytes)
  if (format === undefined) {
    throw unsupportedPhoto(nameForeignFormat(bytes) ?? 'of an unknown format')
  }
  const { exif, ...header } = photoFormats[format].readHeader(bytes)
  if (header.width === 0 || header.height === 0) {
    const size = `${header.width} x ${header.height}`
    throw new FaceError('image_unreadable', `The photo's header says ${size} pixels.`)
  }
  if (room === 'isolate') requireFewPixels(header, photoFormats[format].maxPixels)
  requireMemory(header, room)
  const orientation = readOrientation(exif)
  return { format, ...header, orientation, shrink: chooseShrink(header) }
}

type Header = Omit<FormatHeader, 'exif'>

/** The same wherever it is decoded, since another picture has another encoding; the smallest where even that takes too much. */
function chooseShrink(header: Header): Shrink {
  const { shrinks } = header
  return (
    shrinks.find((shrink) => fits(header, shrink)) ??
    shrinks.find((shrink) => hasFewPixels(header, shrink)) ??
    shrinks.at(-1)!
  )
}

function fits(header: Header, shrink: Shrink): boolean {
  return hasFewPixels(header, shrink) && header.decoderBytes(shrink) <= maxDecoderBytes
}

/** A format that can only be decoded as it is has a limit of its own. */
function hasFewPixels({ width, height, shrinks }: Header, shrink: Shrink): boolean {
  return shrinks.length === 1 || (width * height) / shrink ** 2 <= maxPicturePixels
}

function requireFewPixels({ width, height, kind }: Header, maxPixels: number): void {
  const size = `${width} x ${height}`
  if (width > maxPhotoSide || height > maxPhotoSide) {
    throw tooLarge(`The photo has ${size} pixels; no side may exceed ${maxPhotoSide}`)
  }
  const pixels = width * height
  if (pixels > maxPixels) {
    throw tooLarge(
      `The photo has ${size} = ${pixels} pixels; a ${kind} may have at most ${maxPixels}`,
    )
  }
}

function requireMemory(header: Header, room: Room): void {
  const { width, height, kind, shrinks } = header
  const least = Math.min(...shrinks.map((shrink) => header.decoderBytes(shrink)))
  const most = room === 'isolate' ? maxDecoderBytes : maxPlentyBytes
  if (least <= most) return
  throw tooLarge(
    `The photo, a ${kind} of ${width} x ${height} pixels, takes ${mebibytes(least)} MiB to decode; at most ${mebibytes(most)} are there`,
  )
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20)
}

function tooLarge(what: string): FaceError {
  return new FaceError('image_too_large', `${what}. ${sizeAdvice}`)
}
