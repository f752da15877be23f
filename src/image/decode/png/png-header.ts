/**
 * Walks a PNG's chunks from IHDR to IEND without decoding: size, EXIF, and whether they are whole. All colour types and bit depths are
 * accepted, interlaced or not. What a viewer shows otherwise than its pixels say is refused. If a file is cut short after its pixels begin,
 * the decoder finds out whether all are there. PNG specification, third edition, sections 5 and 11.
 */

import { FaceError } from '../../../errors/face-error.ts'
import { joinBytes } from '../../../lib/join-bytes.ts'
import { bareTiff } from '../bare-tiff.ts'
import type { FormatHeader } from '../format-header.ts'
import {
  isInOrder,
  isOfPicture,
  isSound,
  type PngChunk,
  pictureChunks,
  walkChunks,
} from './png-chunks.ts'
import { animatedPng, cutShortPng, unreadablePng } from './png-faults.ts'

/** Bit depths that IHDR allows for each colour type. */
const bitDepths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const paletteType = 3

/** What the pixels are decoded from. */
export interface PngPicture {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly channels: number
  readonly bitsPerPixel: number
  readonly isInterlaced: boolean
  /** RGB of each value, of a picture that has a palette. */
  readonly palette: Uint8Array | undefined
  /** Of the palette's first colours. */
  readonly paletteAlpha: Uint8Array | undefined
  /** Samples, as they stand in a row, of the one colour that is transparent. */
  readonly transparent: Uint8Array | undefined
  /** The compressed rows. */
  readonly deflated: Uint8Array
  /** Whether the end chunk is there. */
  readonly isEnded: boolean
}

/** `bytes` start with PNG's signature. Throws FaceError image_unreadable or image_unsupported. */
export function readPngHeader(bytes: Uint8Array): FormatHeader {
  let header: PngSize | undefined
  let exif: Uint8Array | undefined
  let end = 0
  let deflatedBytes = 0
  let isEnded = false
  const before = new Set<string>()
  let previous: string | undefined
  for (const chunk of walkChunks(bytes)) {
    const critical = chunk.type[0]! < 'a'
    if (critical && !pictureChunks.has(chunk.type)) {
      throw new FaceError(
        'image_unsupported',
        `The PNG needs the extension "${chunk.type}"; expected an ordinary PNG.`,
      )
    }
    if (chunk.type === 'acTL') throw animatedPng()
    if ((chunk.type === 'IHDR') !== (header === undefined)) {
      throw unreadablePng(header === undefined ? 'does not begin with IHDR' : 'has two IHDR chunks')
    }
    if (!chunk.isWhole && deflatedBytes === 0 && chunk.type !== 'IDAT') throw cutShortPng(bytes)
    if (chunk.isWhole && isOfPicture(chunk.type) && !isSound(bytes, chunk)) {
      throw unreadablePng(`is damaged: the checksum of a chunk "${chunk.type}" is wrong`)
    }
    const isObeyed = isInOrder(chunk.type, before, previous)
    if (!isObeyed && pictureChunks.has(chunk.type)) {
      throw unreadablePng(`has a chunk "${chunk.type}" out of order`)
    }
    if (chunk.type === 'gAMA' && isObeyed && isSound(bytes, chunk)) requireOrdinaryGamma(chunk)
    if (chunk.type === 'IHDR') header = readSize(chunk.body)
    if (chunk.type === 'IDAT') deflatedBytes += chunk.body.length
    if (chunk.type === 'eXIf') exif ??= bareTiff(chunk.body)
    isEnded = chunk.type === 'IEND'
    end = chunk.end
    before.add(chunk.type)
    previous = chunk.type
  }
  if (header === undefined || deflatedBytes === 0) {
    throw isEnded ? unreadablePng('has no pixels (no IDAT chunk)') : cutShortPng(bytes)
  }
  const { width, height, bitDepth, colourType, isInterlaced } = header
  return {
    width,
    height,
    end,
    kind: 'PNG',
    shrinks: [1],
    decoderBytes() {
      const inflated = (width * height * channels[colourType]! * bitDepth) / 8 + height
      // Rows of colour are written over what they were read from.
      const isInPlace = inflated >= 3 * width * height && !isInterlaced
      return end + inflated + (isInPlace ? 0 : 3 * width * height)
    },
    exif,
  }
}

/** Of bytes that have passed readPngHeader. Throws an Error when palette or transparency do not fit the picture. */
export function readPngPicture(bytes: Uint8Array): PngPicture {
  const chunks = [...walkChunks(bytes)]
  const bodyOf = (type: string): Uint8Array | undefined =>
    chunks.find((chunk) => chunk.type === type)?.body
  const { width, height, bitDepth, colourType, isInterlaced } = readSize(bodyOf('IHDR')!)
  const hasPalette = colourType === paletteType
  const [palette, tRNS] = [bodyOf('PLTE'), bodyOf('tRNS')]
  if (hasPalette && (palette === undefined || palette.length % 3 !== 0)) {
    throw new Error('The PNG lacks its palette.')
  }
  const sampleBytes = 2 * channels[colourType]!
  const isSingleColour = colourType === 0 || colourType === 2
  // Viewers ignore all of them then.
  if (hasPalette && tRNS && tRNS.length > Math.min(palette!.length / 3, 2 ** bitDepth)) {
    throw new Error('The PNG has more transparencies than colours.')
  }
  if (tRNS && isSingleColour && tRNS.length !== sampleBytes) {
    throw new Error('The PNG has a malformed transparent colour.')
  }
  return {
    width,
    height,
    bitDepth,
    channels: channels[colourType]!,
    bitsPerPixel: channels[colourType]! * bitDepth,
    isInterlaced,
    palette: hasPalette ? palette : undefined,
    paletteAlpha: hasPalette ? tRNS : undefined,
    // Always 16 bits a sample in the chunk.
    transparent: isSingleColour
      ? tRNS?.filter((_, i) => bitDepth === 16 || i % 2 === 1)
      : undefined,
    deflated: joinBytes(chunks.filter(({ type }) => type === 'IDAT').map(({ body }) => body)),
    isEnded: chunks.at(-1)?.type === 'IEND',
  }
}

/** Of the exponents that pixels of photos are to be shown with: linear ones have 1, those for screens 1.8 to 2.6. */
const exponents = { least: 0.8, most: 5 } as const

/** By an odd gamma a viewer shows other pixels. It ignores a gamma of 0. */
function requireOrdinaryGamma({ body }: PngChunk): void {
  if (body.length !== 4) return
  const exponent = 100_000 / new DataView(body.buffer, body.byteOffset).getUint32(0)
  if (exponent === Number.POSITIVE_INFINITY) return
  if (exponent >= exponents.least && exponent <= exponents.most) return
  throw new FaceError(
    'image_unsupported',
    `The PNG is to be shown with an exponent of ${exponent.toPrecision(2)} (gAMA); expected an ordinary PNG.`,
  )
}

interface PngSize {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly colourType: number
  readonly isInterlaced: boolean
}

function readSize(ihdr: Uint8Array): PngSize {
  if (ihdr.length !== 13) throw unreadablePng(`has an IHDR of ${ihdr.length} bytes`)
  const view = new DataView(ihdr.buffer, ihdr.byteOffset, ihdr.byteLength)
  const [bitDepth, colourType, compression, filter, interlace] = ihdr.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ]
  const known = bitDepths[colourType]?.includes(bitDepth) ?? false
  if (!known || compression !== 0 || filter !== 0 || interlace > 1) {
    throw unreadablePng(`has an invalid IHDR (colour type ${colourType}, bit depth ${bitDepth})`)
  }
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    bitDepth,
    colourType,
    isInterlaced: interlace === 1,
  }
}
