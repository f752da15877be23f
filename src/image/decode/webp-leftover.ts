/**
 * Whether the WebP decoder came to the end of a picture where its data ends. Neither code has marks: after a wrong bit the picture is full too
 * early, or goes on in what follows. libwebp refuses what goes on behind the file, and tells nobody where it stopped reading. But the memory
 * that it gave back still holds that: its instance has decoded one photo, and is asked for nothing more.
 */

/** Of a lossy picture: more than an encoder leaves, one or two bytes in 270 photos of libwebp's. It ends with nine bits that nobody needs, libvpx with 32. */
const mostUnread = 5
/** So many bytes are read at a time, up to the last ones. */
const atOnce = 3
/** Of a lossless picture: what is left of a byte, and one more that makes the length even. All zeros. */
const mostUnreadBits = 15
/** So many bits are held ready. */
const heldBits = 64
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
  const copied = endOfCopy(file)
  const words = layoutOf(memory, copied)
  // A reader: where it stopped, the end of the file, and up to where it may read several bytes at once.
  for (let i = 0; i + 2 < words.length; i++) {
    const end = words[i + 1]!
    if (end < copied || end > copied + apart || end - words[i + 2]! !== atOnce) continue
    const unread = end - words[i]! - file.behind
    return unread >= -atOnce && unread <= mostUnread
  }
  return true
}

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
    if (end < copied || end > copied + apart) continue
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
