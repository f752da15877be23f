/** Lays a picture with transparency on white, as a viewer with a white page would show it. */

/**
 * `rgba` is [pixels, 4], not premultiplied; `rgb` is [pixels, 3]. Both may share one buffer from its start: writing
 * never overtakes reading.
 */
export function flattenOntoWhite(rgba: Uint8Array | Uint8ClampedArray, rgb: Uint8Array): void {
  let to = 0
  for (let from = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]
    if (alpha === 255) {
      rgb[to] = rgba[from]
      rgb[to + 1] = rgba[from + 1]
      rgb[to + 2] = rgba[from + 2]
    } else {
      const white = 255 * (255 - alpha) + 127
      rgb[to] = (rgba[from] * alpha + white) / 255
      rgb[to + 1] = (rgba[from + 1] * alpha + white) / 255
      rgb[to + 2] = (rgba[from + 2] * alpha + white) / 255
    }
    to += 3
  }
}
