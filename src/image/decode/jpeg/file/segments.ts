/** The segments of a JPEG: their markers, and how the next one is found. ITU-T T.81, annex B.1. */

export const marker = {
  sof0: 0xc0,
  dht: 0xc4,
  rst0: 0xd0,
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dnl: 0xdc,
  dri: 0xdd,
  app0: 0xe0,
  app1: 0xe1,
  app14: 0xee,
} as const

/** A segment as it stands in the file, its marker included. */
export interface JpegSegment {
  readonly code: number
  readonly start: number
  readonly end: number
}

/**
 * Where the next marker starts: at the last of the FFs before its code. Passes over what stands before it: stray bytes, stuffed
 * zeros, fill bytes and, `inScan`, restart markers. Undefined when none follows.
 */
export function nextMarker(bytes: Uint8Array, from: number, inScan = false): number | undefined {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) return undefined
    while (bytes[at + 1] === 0xff) at++
    if (at + 1 >= bytes.length) return undefined
    const code = bytes[at + 1]!
    const isRestart = code >= marker.rst0 && code < marker.soi
    if (code !== 0 && !(isRestart && inScan)) return at
    at += 2
  }
}

/** Where entropy-coded bytes end: at the next marker of any kind, or the first of the fill bytes before it; `limit` when there is none. */
export function endOfData(bytes: Uint8Array, from: number, limit: number): number {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0 || at >= limit) return limit
    if (bytes[at + 1] !== 0) return at
    at += 2
  }
}

/** Whether the body of a segment begins with a name. */
export function startsWith(body: Uint8Array, name: string): boolean {
  return name === String.fromCharCode(...body.subarray(0, name.length))
}
