/** Names the image formats that people send by mistake, so that the refusal says what the file is, and what to do about it. Pure. */
import { FaceError } from '../../errors/face-error.ts'
import { photoFormatList } from './formats.ts'

/** Magic bytes and where they stand; the first row that fits wins. */
const magics: readonly (readonly [offset: number, magic: string, name: string])[] = [
  [0, 'GIF8', 'a GIF'],
  [0, 'BM', 'a BMP'],
  [0, 'II*\0', 'a TIFF or raw photo'],
  [0, 'MM\0*', 'a TIFF or raw photo'],
  [0, 'II+\0', 'a TIFF or raw photo'],
  [0, 'MM\0+', 'a TIFF or raw photo'],
  [0, 'FUJIFILMCCD-RAW', 'a raw photo'],
  [0, 'IIR', 'a raw photo'],
  [0, 'MMOR', 'a raw photo'],
  [0, 'IIU\0', 'a raw photo'],
  [0, 'FOVb', 'a raw photo'],
  [0, '8BPS', 'a file of Photoshop'],
  [0, '\0\0\x01\0', 'an icon'],
  [0, '\x8aMNG', 'an MNG'],
  [0, '\x8bJNG', 'a JNG'],
  [0, 'qoif', 'a QOI'],
  [0, '%PDF', 'a PDF'],
  [0, '\0\0\0\x0cJXL ', 'a JPEG XL'],
  [0, '\xff\x0a', 'a JPEG XL'],
  [0, '\0\0\0\x0cjP  ', 'a JPEG 2000'],
  [0, '\xff\x4f\xff\x51', 'a JPEG 2000'],
  [0, 'II\xbc', 'a JPEG XR'],
  [0, '%!PS', 'a PostScript file'],
  // A Live Photo that was saved as one file, among others.
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, '\x1f\x8b', 'compressed with gzip'],
  [0, '\0\x05\x16\x07', "a Mac's note about another file, whose name begins with ._"],
  [0, 'version https://git-lfs', 'a pointer of Git LFS instead of its bytes'],
  [8, 'AVI LIST', 'a video'],
  [4, 'moov', 'a video'],
  [4, 'mdat', 'a video'],
  [4, 'wide', 'a video'],
  [0, '\x1a\x45\xdf\xa3', 'a video'],
]

/** What is sent where the bytes of a photo belong, by its beginning. */
const texts: readonly (readonly [beginning: RegExp, name: string])[] = [
  [
    /^\s*["']?(data:image|\/9j\/|iVBORw0KGgo|UklGR|AAAA.{1,2}Z0eX)/,
    'base64 text instead of its bytes',
  ],
  [/^\s*(0x)?(ffd8ff|89504e47)/i, 'hexadecimal text instead of its bytes'],
  [/^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)/i, 'a page of HTML'],
  [/^(\xef\xbb\xbf)?\s*(\{\s*"|\[\s*["{[])/, 'JSON'],
  [/^P[1-7]\s/, 'a PNM'],
  [/^\0{64}/, 'nothing but zeros'],
  // Read as UTF-8 and written again, read as Latin-1 and written as UTF-8, with the line ends of another system, or of seven bits.
  [
    /^(\xef\xbf\xbd){3}|^\xc3\xbf\xc3\x98\xc3\xbf|^(\xef\xbf\xbd|\xc2?\x89|\t)PNG|^\x7fX\x7f|^RIFF.{3,12}WEBPVP8/s,
    'one whose bytes were changed as if they were text',
  ],
  // As a script does that prints a blank line or a byte order mark first.
  [/^(\xef\xbb\xbf)?\s*(\xff\xd8\xff|\x89PNG|RIFF.{4}WEBP)/s, 'one with text in front of it'],
]

/**
 * Brands of ISO media files. Phones write the general one first and say among the others what it really is, so all of them count; the
 * first row that has one of them wins.
 */
const brands: readonly (readonly [brand: RegExp, name: string])[] = [
  [/^(avif|avis)$/, 'an AVIF'],
  [/^(hei[cxms]|hev[cxms])$/, 'a HEIC'],
  [/^(mif1|mif2|msf1|miaf)$/, 'a HEIC or AVIF'],
  [/^crx $/, 'a raw photo'],
  [/^jxl $/, 'a JPEG XL'],
  [/^jp[2xm] $/, 'a JPEG 2000'],
]

/** How far into a text file an SVG's first tag may stand, behind XML declaration and comments. */
const svgProbeBytes = 1024

/** The name with its article, such as "a GIF"; undefined for bytes that say nothing. */
export function nameForeignFormat(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, svgProbeBytes))
  if (start.startsWith('ftyp', 4)) return nameMediaFile(bytes, start)
  for (const [offset, magic, name] of magics) {
    if (start.startsWith(magic, offset)) return name
  }
  const text = texts.find(([beginning]) => beginning.test(start))?.[1]
  if (text !== undefined) return text
  const tags = start.replace('\xef\xbb\xbf', '').trimStart()
  if (tags.startsWith('<') && /<svg[\s>]/.test(tags)) return 'an SVG'
  return tags.startsWith('<?xml') ? 'XML' : undefined
}

/** How the formats that phones save of late become one that is read. */
const asJpeg =
  'The phone converts it where a page asks for accept="image/jpeg"; an app has to encode what the picker gives as JPEG.'

/** The refusal of a photo that is `found`, with what the app can do where phones save such photos. */
export function unsupportedPhoto(found: string): FaceError {
  const refusal = `The photo is ${found}; expected ${photoFormatList}.`
  const detail = /HEIC|AVIF/.test(found) ? `${refusal} ${asJpeg}` : refusal
  return new FaceError('image_unsupported', detail)
}

/** The box "ftyp": its length, its name, the major brand, a version, then the compatible brands, four bytes each. */
function nameMediaFile(bytes: Uint8Array, start: string): string {
  const end = Math.min(start.length, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0))
  const found = [start.slice(8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) found.push(start.slice(at, at + 4))
  return brands.find(([brand]) => found.some((name) => brand.test(name)))?.[1] ?? 'a video'
}
