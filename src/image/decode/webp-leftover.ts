/**
 * Whether the WebP decoder came to the end of a lossy picture where its data ends. The arithmetic code has no marks: after a wrong bit every
 * block is another, and the picture is full too early, or goes on in what follows. libwebp refuses what goes on behind the file, and tells
 * nobody where it stopped reading. But the memory that it gave back still holds that: its instance has decoded one photo, and is asked for
 * nothing more.
 */

/**
 * More than an encoder leaves: one or two bytes in 270 photos of libwebp's, whatever the quality and the number of partitions. It ends with
 * nine bits that nobody needs, libvpx with 32.
 */
const mostUnread = 5
/** So many bytes are read at a time, up to the last ones. */
const atOnce = 3
/** The decoder copies the file, so many bytes behind the string at most, and lays out what it reads with behind the copy. */
const apart = 64
const layoutBytes = 4096

/** @param text where the file lies, as a string of C++ @param behind bytes of the file behind the picture's data */
export function readsToItsEnd(
  { buffer }: WebAssembly.Memory,
  text: number,
  length: number,
  behind: number,
): boolean {
  const copied = text + 4 + 2 * length
  const words = new Uint32Array(buffer, (copied + 3) & ~3).subarray(0, layoutBytes / 4)
  // A reader: where it stopped, the end of the file, and up to where it may read several bytes at once.
  for (let i = 0; i + 2 < words.length; i++) {
    const end = words[i + 1]!
    if (end < copied || end > copied + apart || end - words[i + 2]! !== atOnce) continue
    const unread = end - words[i]! - behind
    return unread >= -atOnce && unread <= mostUnread
  }
  return true
}
