/** Hashes of an ASCII text, 0 to 2^32 - 1. Not for secrets. Stored data and names of models depend on them, so they never change. Pure. */

/** FNV-1a. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

/** The same, its bits mixed at the end, since the low ones alone would follow the last characters. */
export function hashText(text: string): number {
  let hash = fnv1a(text)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
