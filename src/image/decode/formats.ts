/**
 * The photo formats, a row each. Every place that speaks of formats reads it here: which bytes and names are a photo, what a
 * request may say it carries, how its header is read and its pixels decoded, and the messages.
 */
import type { Decoder } from './decoder.ts'
import { startJpegDecoder, startWebpDecoder } from './embind-decoder.ts'
import type { FormatHeader } from './format-header.ts'
import { readJpegHeader } from './jpeg-header.ts'
import { startPngDecoder } from './png-decoder.ts'
import { readPngHeader } from './png-header.ts'
import { readWebpHeader } from './webp-header.ts'

interface PhotoFormatRow {
  /** What people call it. */
  readonly label: string
  readonly mime: string
  /** Of file names, in lower case, without the dot. */
  readonly extensions: readonly string[]
  /** What people call files of it that are decoded row by row, and those of which the decoder holds a second copy in whole. */
  readonly byRow?: string
  readonly whole?: string
  /** Bytes that every file of the format has, and where they stand. */
  readonly magic: readonly (readonly [offset: number, bytes: string])[]
  /** Throws FaceError image_unreadable or image_unsupported. */
  readonly readHeader: (bytes: Uint8Array) => FormatHeader
  /** The decoder's WebAssembly inside an installed package; the Worker imports it in engine/bundled-engine.ts. */
  readonly decoderModule: string
  readonly startDecoder: (module: WebAssembly.Module) => Decoder | Promise<Decoder>
}

export const photoFormats = {
  jpeg: {
    label: 'JPEG',
    mime: 'image/jpeg',
    extensions: ['jpg', 'jpeg'],
    byRow: 'baseline JPEG',
    whole: 'progressive JPEG',
    magic: [[0, '\xff\xd8\xff']],
    readHeader: readJpegHeader,
    decoderModule: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
    startDecoder: startJpegDecoder,
  },
  png: {
    label: 'PNG',
    mime: 'image/png',
    extensions: ['png'],
    whole: 'PNG',
    magic: [[0, '\x89PNG\r\n\x1a\n']],
    readHeader: readPngHeader,
    decoderModule: '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
    startDecoder: startPngDecoder,
  },
  webp: {
    label: 'WebP',
    mime: 'image/webp',
    extensions: ['webp'],
    byRow: 'lossy WebP',
    whole: 'lossless WebP',
    magic: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
    readHeader: readWebpHeader,
    decoderModule: '@jsquash/webp/codec/dec/webp_dec.wasm',
    startDecoder: startWebpDecoder,
  },
} as const satisfies Readonly<Record<string, PhotoFormatRow>>

export type PhotoFormat = keyof typeof photoFormats

/** Every format, in the order of the table. */
export const photoFormatNames = Object.keys(photoFormats) as PhotoFormat[]

const rows: readonly PhotoFormatRow[] = Object.values(photoFormats)

/** "JPEG, PNG or WebP". */
export const photoFormatList = listOf(rows.map(({ label }) => label))

/** Decoded row by row: "baseline JPEG or lossy WebP". */
export const byRowList = listOf(rows.flatMap(({ byRow }) => byRow ?? []))

/** Held in whole: "progressive JPEG, PNG or lossless WebP". */
export const wholeList = listOf(rows.flatMap(({ whole }) => whole ?? []))

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
