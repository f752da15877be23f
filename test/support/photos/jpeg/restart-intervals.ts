/** The restart intervals of a baseline JPEG, taken apart and put together in another order, with markers that count on as they should. */
import { joinBytes } from '../make-png.ts'

export interface Intervals {
  /** All before the first. */
  readonly head: Uint8Array
  readonly parts: readonly Uint8Array[]
}

export function takeIntervals(jpeg: Uint8Array): Intervals {
  const scan = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xda)
  const start = scan + 2 + ((jpeg[scan + 2]! << 8) | jpeg[scan + 3]!)
  const parts: Uint8Array[] = []
  let from = start
  for (let at = start; at + 1 < jpeg.length; at++) {
    const next = jpeg[at + 1]!
    if (jpeg[at] !== 0xff || next === 0 || next === 0xff) continue
    parts.push(jpeg.subarray(from, at))
    from = at + 2
  }
  return { head: jpeg.subarray(0, start), parts }
}

export function joinIntervals({ head, parts }: Intervals): Uint8Array {
  const marked = parts.flatMap((part, i) => {
    const marker = i + 1 < parts.length ? 0xd0 + (i & 7) : 0xd9
    return [part, Uint8Array.of(0xff, marker)]
  })
  return joinBytes(head, ...marked)
}
