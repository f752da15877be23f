/** Lays a picture with transparency on white, as a viewer with a white page would show it. */

/**
 * `rgba` is [pixels, 4], not premultiplied; `rgb` is [pixels, 3]. Both may share one buffer from its start: writing
 * never overtakes reading.
 */
export function flattenOntoWhite(rgba: Uint8Array | Uint8ClampedArray, rgb: Uint8Array): void {
  let to = 0
  for (let from = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]!
    rgb[to] = onWhite(rgba[from]!, alpha)
    rgb[to + 1] = onWhite(rgba[from + 1]!, alpha)
    rgb[to + 2] = onWhite(rgba[from + 2]!, alpha)
    to += 3
  }
}

/** A sample of 0..255 under `alpha` of 0..255. */
export function onWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.floor((value * alpha + 255 * (255 - alpha) + 127) / 255)
}
