/**
 * The photo formats, a row each. Every place that speaks of formats reads it here: which bytes and names are a photo, what a
 * request may say it carries, how its header is read and its pixels decoded, and the messages.
 */
import { maxJpegPixels, maxUnscaledPixels } from '../limits.ts'
import type { Rectangle } from '../resize.ts'
import type { Decoder } from './decoder.ts'
import type { FormatHeader, PhotoCut } from './format-header.ts'
import { cutJpeg } from './jpeg/cut-jpeg.ts'
import { startJpegDecoder } from './jpeg/jpeg-decoder.ts'
import { readJpegHeader } from './jpeg/jpeg-header.ts'
import { startPngDecoder } from './png/png-decoder.ts'
import { readPngHeader } from './png/png-header.ts'
import { startWebpDecoder } from './webp/webp-decoder.ts'
import { readWebpHeader } from './webp/webp-header.ts'

/**
 * The decoders that are WebAssembly: where in an installed package each lies. The Worker imports them in engine/bundled-engine.ts.
 */
export const decoderModules = {
  webp: 'wasm-webp/dist/esm/webp-wasm.wasm',
} as const

/** Compiled: those, and our own for JPEGs (build/kernels/jpeg.wasm). */
export type CodecModules = Readonly<
  Record<keyof typeof decoderModules | 'jpeg', WebAssembly.Module>
>

export type CutPhoto = (bytes: Uint8Array, regions: readonly Rectangle[]) => PhotoCut[] | undefined

export interface PhotoFormatRow {
  /** What people call it. */
  readonly label: string
  readonly mime: string
  /** Of file names, in lower case, without the dot. */
  readonly extensions: readonly string[]
  /** Width times height, at most. */
  readonly maxPixels: number
  /** Bytes that every file of the format has, and where they stand. */
  readonly magic: readonly (readonly [offset: number, bytes: string])[]
  /** Throws FaceError image_unreadable or image_unsupported. */
  readonly readHeader: (bytes: Uint8Array) => FormatHeader
  /**
   * Rectangles of a photo as photos of their own, without decoding it; undefined for a photo of which none can be cut. Absent where no
   * photo is decoded smaller than it is.
   */
  readonly cut?: CutPhoto
  /** Takes the module that it needs. */
  readonly startDecoder: (modules: CodecModules) => Decoder
}

export const photoFormats = {
  jpeg: {
    label: 'JPEG',
    mime: 'image/jpeg',
    extensions: ['jpg', 'jpeg'],
    maxPixels: maxJpegPixels,
    magic: [[0, '\xff\xd8\xff']],
    readHeader: readJpegHeader,
    cut: cutJpeg,
    startDecoder: ({ jpeg }) => startJpegDecoder(jpeg),
  },
  png: {
    label: 'PNG',
    mime: 'image/png',
    extensions: ['png'],
    maxPixels: maxUnscaledPixels,
    magic: [[0, '\x89PNG\r\n\x1a\n']],
    readHeader: readPngHeader,
    startDecoder: startPngDecoder,
  },
  webp: {
    label: 'WebP',
    mime: 'image/webp',
    extensions: ['webp'],
    maxPixels: maxUnscaledPixels,
    magic: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
    readHeader: readWebpHeader,
    startDecoder: ({ webp }) => startWebpDecoder(webp),
  },
} as const satisfies Readonly<Record<string, PhotoFormatRow>>

export type PhotoFormat = keyof typeof photoFormats

/** Every format, in the order of the table. */
const photoFormatNames = Object.keys(photoFormats) as PhotoFormat[]

const rows: readonly PhotoFormatRow[] = Object.values(photoFormats)

/** "JPEG, PNG or WebP". */
export const photoFormatList = listOf(rows.map(({ label }) => label))

export const photoMimes: readonly string[] = rows.map(({ mime }) => mime)

/** Of file names, with the dot: ".jpg". */
export const photoExtensions: readonly string[] = rows.flatMap(({ extensions }) =>
  extensions.map((extension) => `.${extension}`),
)

/** By the first bytes, never by name or content type; undefined for anything else. */
export function formatOf(bytes: Uint8Array): PhotoFormat | undefined {
  return photoFormatNames.find((name) =>
    photoFormats[name].magic.every(([offset, magic]) => startsWith(bytes, offset, magic)),
  )
}

function startsWith(bytes: Uint8Array, offset: number, magic: string): boolean {
  for (let i = 0; i < magic.length; i++) {
    if (bytes[offset + i] !== magic.charCodeAt(i)) return false
  }
  return true
}

function listOf(labels: readonly string[]): string {
  return `${labels.slice(0, -1).join(', ')} or ${labels.at(-1)}`
}
