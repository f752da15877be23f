/** EXIF as PNG and WebP store it: bare TIFF. Pure. */

/** Some writers copy the name that stands in front of it in a JPEG along. */
export function bareTiff(body: Uint8Array): Uint8Array {
  return String.fromCharCode(...body.subarray(0, 6)) === 'Exif\0\0' ? body.subarray(6) : body
}
