/** Names the image formats that people send by mistake, so that the refusal says what the file is. */

/** Magic bytes and where they stand; the first row that fits wins. */
const magics: readonly (readonly [offset: number, magic: string, name: string])[] = [
  [0, 'GIF8', 'a GIF'],
  [0, 'BM', 'a BMP'],
  [0, 'II*\0', 'a TIFF or raw photo'],
  [0, 'MM\0*', 'a TIFF or raw photo'],
  [0, '%PDF', 'a PDF'],
  [4, 'ftypavi', 'an AVIF'],
  [4, 'ftyphei', 'a HEIC'],
  [4, 'ftyphev', 'a HEIC'],
  [4, 'ftypmif1', 'a HEIC or AVIF'],
  [4, 'ftypmsf1', 'a HEIC or AVIF'],
  [4, 'ftyp', 'a video'],
  [0, '\0\0\0\x0cJXL ', 'a JPEG XL'],
  [0, '\xff\x0a', 'a JPEG XL'],
  [0, '\0\0\0\x0cjP  ', 'a JPEG 2000'],
]

/** How far into a text file an SVG's first tag may stand, behind XML declaration and comments. */
const svgProbeBytes = 1024

/** The name with its article, such as "a GIF"; undefined for bytes that say nothing. */
export function nameForeignFormat(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, svgProbeBytes))
  for (const [offset, magic, name] of magics) {
    if (start.startsWith(magic, offset)) return name
  }
  return /^\s*</.test(start.replace('\xef\xbb\xbf', '')) && /<svg[\s>]/.test(start)
    ? 'an SVG'
    : undefined
}
