/**
 * Whether the WebP decoder came to the end of a picture where its data ends. Neither code has marks: after a wrong bit the picture is full too
 * early, or goes on in what follows. libwebp refuses what goes on behind the file, and tells nobody where it stopped reading. But the memory
 * that it gave back still holds that: its instance has decoded one photo, and is asked for nothing more.
 */

/** Of each part of a lossy picture, in bits: 16 to 31 in 1,240 files of libwebp's, 8 to 16 in 416 of libvpx's. All zeros. */
const mostLeft = 40
/** A part's reader looks at so many bits without having used them, and takes so many bits at once, up to the last ones. */
const lookedAtBits = 8
const takenBits = 24
/** It holds where it may no longer do so: so many bytes before its end at most. */
const mostBefore = 4
/** Each part has a reader, one behind the other, of so many words. */
const readerWords = 7
/** Of a lossless picture: what is left of a byte, and one more that makes the length even. All zeros. */
const mostUnreadBits = 15
/** So many bits are held ready. */
const heldBits = 64
/** How transparency is stored: as it is, or as a lossless picture. */
const storedAsPicture = 1
/** The decoder copies the file, so many bytes behind the string at most, and lays out what it reads with behind the copy. */
const apart = 64
const layoutBytes = 4096

/** Where what was read lies. */
export interface ReadFile {
  /** Of the file, as a string of C++. */
  readonly text: number
  readonly length: number
  /** Bytes of it behind the picture's data. */
  readonly behind: number
}

export function readsLossyToItsEnd(memory: WebAssembly.Memory, file: ReadFile): boolean {
  const readers = readersOf(memory, file)
  let at = lastOf(readers, file)
  let behind = file.behind
  // What stands before the first is no reader, though its numbers may look like one: those of blocks across and down.
  for (let reader = readers[at]; reader && reader.end > file.text; reader = readers[at]) {
    if (!leavesZeros(memory, reader, behind)) return false
    at -= readerWords
    behind = 0
  }
  return true
}

/**
 * The transparency of a lossy picture is read by a decoder of lossless ones, which lies behind all that the picture takes.
 *
 * @param bytes the file
 * @param alpha where it lies in there
 */
export function readsAlphaToItsEnd(
  memory: WebAssembly.Memory,
  file: ReadFile,
  bytes: Uint8Array,
  alpha: { readonly start: number; readonly end: number },
): boolean {
  const readers = readersOf(memory, file)
  const reader = readers[lastOf(readers, file)]
  if (!reader || (bytes[alpha.start]! & 3) !== storedAsPicture) return true
  const first = reader.end - file.length + alpha.start + 1
  const length = alpha.end - alpha.start - 1
  const words = new Uint32Array(memory.buffer)
  for (let i = reader.end >> 2; ; i++) {
    i = words.indexOf(first, i)
    if (i < 0) return true
    if (words[i + 1] !== length) continue
    const unread = 8 * (length - words[i + 2]!) + heldBits - words[i + 3]!
    return unread >= 0 && unread < 8 && bytes[alpha.end - 1]! >> (8 - unread) === 0
  }
}

/** What reads a part of a lossy picture. */
interface LossyReader {
  /** Bits that it took and has not used, and how many they are. */
  readonly held: number
  readonly bits: number
  /** Where it goes on. */
  readonly at: number
  readonly end: number
}

/** By the word at which each begins. */
function readersOf(memory: WebAssembly.Memory, file: ReadFile): (LossyReader | undefined)[] {
  const words = layoutOf(memory, endOfCopy(file))
  return Array.from(words, (_, i) => readerAt(words, i))
}

/** Where that of the last part is. Earlier ones may end as near the end of the file. */
function lastOf(readers: readonly (LossyReader | undefined)[], file: ReadFile): number {
  const copied = endOfCopy(file)
  return readers.findLastIndex((reader) => reader && endsFile(copied, reader.end))
}

/** Undefined where the numbers are of something else. */
function readerAt(words: Uint32Array, i: number): LossyReader | undefined {
  const [held, , beyond, at, end, most] = words.subarray(i, i + readerWords)
  const bits = lookedAtBits + (beyond! | 0)
  if (bits < 0 || bits > lookedAtBits + takenBits) return undefined
  if (most! > end! || most! < end! - mostBefore || at! > end!) return undefined
  return { held: held!, bits, at: at!, end: end! }
}

/**
 * An encoder writes all that its last bits need, and zeros. After a wrong bit all that follows is misread, and what is left is anything.
 *
 * @param behind bytes that do not belong to it
 */
function leavesZeros(
  { buffer }: WebAssembly.Memory,
  { held, bits, at, end }: LossyReader,
  behind: number,
): boolean {
  const unread = end - behind - at
  const left = 8 * unread + bits
  if (left < 0 || left > mostLeft) return false
  if (unread < 0) return held >>> (-8 * unread) === 0
  return held === 0 && new Uint8Array(buffer, at, unread).every((byte) => byte === 0)
}

/** Whether a part that ends there is the file's last. */
const endsFile = (copied: number, end: number): boolean => end >= copied && end <= copied + apart

/** @param bytes the file */
export function readsLosslessToItsEnd(
  memory: WebAssembly.Memory,
  file: ReadFile,
  bytes: Uint8Array,
): boolean {
  const copied = endOfCopy(file)
  const words = layoutOf(memory, copied)
  // A reader: where the picture begins, how many bytes there are up to the end of the file, how many it took, and of the last of them bits.
  for (let i = 0; i + 3 < words.length; i++) {
    const [end, taken, bits] = [words[i]! + words[i + 1]!, words[i + 2]!, words[i + 3]!]
    if (words[i]! >= end || taken > words[i + 1]! || bits > heldBits) continue
    if (!endsFile(copied, end)) continue
    const unread = 8 * (words[i + 1]! - file.behind - taken) + heldBits - bits
    return unread >= 0 && unread <= mostUnreadBits && endsWithZeros(bytes, file, unread)
  }
  return false
}

function endsWithZeros(bytes: Uint8Array, { length, behind }: ReadFile, bits: number): boolean {
  const [last, before] = [bytes[length - behind - 1]!, bytes[length - behind - 2]!]
  return ((last << 8) | before) >> (16 - bits) === 0
}

/** In the decoder's memory, at the least. */
const endOfCopy = ({ text, length }: ReadFile): number => text + 4 + 2 * length

const layoutOf = ({ buffer }: WebAssembly.Memory, copied: number): Uint32Array =>
  new Uint32Array(buffer, (copied + 3) & ~3).subarray(0, layoutBytes / 4)
