/**
 * The chunks of a PNG, one behind the other, their checksums and their order. Checksums are verified here, because the decoder stops at the
 * last pixel, in front of the checksum that covers it. PNG specification, third edition, section 5.
 */
import { crc32 } from 'node:zlib'
import { maxPngChunks } from '../../limits.ts'
import { unreadablePng } from './png-faults.ts'

const signatureBytes = 8

export interface PngChunk {
  readonly type: string
  readonly body: Uint8Array
  /** Offsets of the whole chunk, with length and checksum, or of what there is of it. */
  readonly start: number
  readonly end: number
  /** False for the last one of a file that is cut short. */
  readonly isWhole: boolean
}

/** The chunks that make the picture: all critical ones, and the transparency. */
export const pictureChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

/** Whether it makes the picture, or has the name of one that does but for a letter, as damage may leave it. */
export const isOfPicture = (type: string): boolean =>
  [...pictureChunks].some((name) => [...name].filter((letter, i) => letter !== type[i]).length <= 1)

/** To the end chunk, or to where the file is cut short. */
export function* walkChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let start = signatureBytes
  for (let count = 0; count < maxPngChunks; count++) {
    if (start + 8 > bytes.length) return
    const bodyEnd = start + 8 + view.getUint32(start)
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    if (!/^[A-Za-z]{4}$/.test(type)) throw unreadablePng('has a chunk without a name')
    const end = Math.min(bodyEnd + 4, bytes.length)
    yield {
      type,
      body: bytes.subarray(start + 8, bodyEnd),
      start,
      end,
      isWhole: end === bodyEnd + 4,
    }
    if (type === 'IEND') return
    start = bodyEnd + 4
  }
  throw unreadablePng(`has more than ${maxPngChunks} chunks`)
}

/** Whether the checksum over type and body is there and right. */
export function isSound(bytes: Uint8Array, { start, end, isWhole }: PngChunk): boolean {
  const stored = isWhole && new DataView(bytes.buffer, bytes.byteOffset).getUint32(end - 4)
  return crc32(bytes.subarray(start + 4, end - 4)) === stored
}

/** What must not stand in front of a chunk. */
const mayNotFollow: Readonly<Record<string, readonly string[]>> = {
  PLTE: ['PLTE', 'tRNS', 'IDAT'],
  tRNS: ['tRNS', 'IDAT'],
  gAMA: ['PLTE', 'IDAT'],
}

/**
 * Whether a chunk stands where viewers obey it. Elsewhere most of them ignore it, and so they do pixels behind another chunk among them.
 * @param before types of the chunks in front of it
 * @param previous that of the last of them
 */
export function isInOrder(
  type: string,
  before: ReadonlySet<string>,
  previous: string | undefined,
): boolean {
  if (type === 'IDAT') return previous === 'IDAT' || !before.has('IDAT')
  return !mayNotFollow[type]?.some((other) => before.has(other))
}
