// @ts-check
/**
 * What a camera's picture lacks, judged on the phone, many times a second and without a network. Hints only: nobody is kept from sending a
 * photo, and the service decides. Each check is pure: a small frame in, a hint or null out. Add one to `checks` and it is shown.
 */

/**
 * @typedef {object} Frame The picture, some 120 pixels wide.
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray} rgba
 * @property {number | null} faces How many faces a browser with a face detector sees; null in one without.
 * @property {number | null} faceShare The width of the largest of them as a share of the frame's.
 */

/** The oval of the page as shares of the frame: its centre and half its axes. */
const oval = { x: 0.5, y: 0.48, halfWidth: 0.34, halfHeight: 0.36 }

/** The first that has something to say is shown. @type {readonly ((frame: Frame) => string | null)[]} */
export const checks = [tooDark, tooBright, notOneFace, tooFar]

/** @param {Frame} frame @returns {string | null} */
export function findHint(frame) {
  for (const check of checks) {
    const hint = check(frame)
    if (hint !== null) return hint
  }
  return null
}

/** @param {Frame} frame */
function tooDark(frame) {
  return meanLuma(frame) < 45 ? 'Too dark: turn towards the light.' : null
}

/** @param {Frame} frame */
function tooBright(frame) {
  return meanLuma(frame) > 225 ? 'Too bright: turn away from the light.' : null
}

/** @param {Frame} frame */
function notOneFace({ faces }) {
  if (faces === null || faces === 1) return null
  return faces === 0 ? 'Bring your face into the oval.' : 'Only one person, please.'
}

/** With a face detector by the width of the face, otherwise by how much of the oval has the colour of skin. @param {Frame} frame */
function tooFar(frame) {
  const { faceShare } = frame
  const isFar = faceShare === null ? skinShare(frame) < 0.12 : faceShare < 0.3
  return isFar ? 'Come nearer, until your face fills the oval.' : null
}

/**
 * Skin of every shade has much the same chroma, unless the light is coloured: then this guesses wrong, and the hint is in vain.
 * @param {Frame} frame
 */
function skinShare(frame) {
  let skin = 0
  let count = 0
  forOval(frame, (red, green, blue) => {
    const blueChroma = 128 - 0.169 * red - 0.331 * green + 0.5 * blue
    const redChroma = 128 + 0.5 * red - 0.419 * green - 0.081 * blue
    if (blueChroma > 77 && blueChroma < 130 && redChroma > 133 && redChroma < 180) skin++
    count++
  })
  return count === 0 ? 0 : skin / count
}

/** Brightness inside the oval, 0 to 255. @param {Frame} frame */
function meanLuma(frame) {
  let sum = 0
  let count = 0
  forOval(frame, (red, green, blue) => {
    sum += 0.299 * red + 0.587 * green + 0.114 * blue
    count++
  })
  return count === 0 ? 0 : sum / count
}

/** @param {Frame} frame @param {(red: number, green: number, blue: number) => void} use */
function forOval({ width, height, rgba }, use) {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = (x / width - oval.x) / oval.halfWidth
      const down = (y / height - oval.y) / oval.halfHeight
      if (across * across + down * down > 1) continue
      const at = 4 * (y * width + x)
      use(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0)
    }
  }
}
