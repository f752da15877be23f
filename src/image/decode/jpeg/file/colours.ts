/**
 * What the components of a JPEG stand for, which its frame does not say: JFIF's segment, Adobe's and the names of the components do. As
 * libjpeg reads them.
 */
import type { JpegFrame } from './frame.ts'
import { marker, startsWith } from './segments.ts'

/**
 * Luma and chroma, colours as they are, or grey. Of four components the last is black: Adobe's programs write how much light each ink
 * lets through, or luma and chroma of the inks before it; others write how much of each ink there is.
 */
export type JpegColours = 'ycc' | 'rgb' | 'grey' | 'cmykLight' | 'ycckInk' | 'cmykInk'

/** What the segments seen so far say. */
export interface ColourNotes {
  isJfif: boolean
  /** The transform that Adobe's segment names: 0 none, 1 YCbCr, 2 YCCK. */
  adobe: number | undefined
}

/** Bytes that the two segments have at least. Shorter ones say nothing. */
const jfifBytes = 14
const adobeBytes = 12

export function noteColours(code: number, body: Uint8Array, notes: ColourNotes): void {
  if (code === marker.app0 && body.length >= jfifBytes && startsWith(body, 'JFIF\0')) {
    notes.isJfif = true
  }
  if (code === marker.app14 && body.length >= adobeBytes && startsWith(body, 'Adobe')) {
    notes.adobe = body[11]
  }
}

export function coloursOf({ components }: JpegFrame, { isJfif, adobe }: ColourNotes): JpegColours {
  if (components.length === 1) return 'grey'
  if (components.length === 4) {
    if (adobe === undefined) return 'cmykInk'
    return adobe === 2 ? 'ycckInk' : 'cmykLight'
  }
  // JFIF knows no other, whatever else is said: what every browser shows.
  if (isJfif) return 'ycc'
  if (adobe !== undefined) return adobe === 0 ? 'rgb' : 'ycc'
  const names = String.fromCharCode(...components.map(({ id }) => id))
  return names === 'RGB' ? 'rgb' : 'ycc'
}
