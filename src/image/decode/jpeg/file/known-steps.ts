/**
 * The quantisation tables that most encoders write: those of T.81, annex K.1, or the one that mozjpeg prefers, all steps times a number that
 * the quality stands for. A table that is one of them in all places but one was damaged there. Pure.
 */

const bases: readonly (readonly number[])[] = [
  [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ],
  [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  ],
  [
    16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75, 16, 20, 24, 31, 43, 62, 91, 135,
    18, 27, 31, 40, 53, 74, 106, 156, 25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124,
    169, 238, 56, 53, 91, 106, 131, 169, 226, 311, 85, 75, 135, 156, 189, 238, 311, 418,
  ],
]

const mostQuality = 100
/** More than rounding changes. */
const leastOff = 2
/** A step that is so far off, and so many times as coarse or as fine, was damaged. */
const leastDamage = 3
const leastTimes = 1.25
/** mozjpeg can fit steps to the picture: none becomes finer or coarser than this, and others are off by one then, or a single one is half. */
const finestFit = 0.5
const coarsestFit = 1.5

/** @param steps in rows */
export function isNearlyKnown(steps: Uint16Array): boolean {
  return bases.some((base) => {
    for (let quality = 1; quality <= mostQuality; quality++) {
      if (differsOnce(steps, base, scaleOf(quality))) return true
    }
    return false
  })
}

/** Percents, as libjpeg has them. */
const scaleOf = (quality: number): number =>
  quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality

/**
 * From the base's steps times `scale`, in a single place. The first may be another, since some encoders send means exactly, and so may the last,
 * which jpegli makes coarse in every 4:2:0 file.
 */
function differsOnce(steps: Uint16Array, base: readonly number[], scale: number): boolean {
  let [known, step] = [0, 0]
  let count = 0
  let isOff = false
  for (let i = 1; i < steps.length - 1; i++) {
    const there = Math.max(1, Math.floor((base[i]! * scale + 50) / 100))
    const low = Math.min(there, steps[i]!)
    const high = Math.max(there, steps[i]!)
    // Baseline has steps of eight bits.
    if (low === high || (steps[i] === 255 && there > 255)) continue
    if (high - low < leastOff) {
      isOff = true
      continue
    }
    if (high - low < leastDamage || high < leastTimes * low || count++ > 0) return false
    ;[known, step] = [there, steps[i]!]
  }
  return count === 1 && !isFit(known, step, isOff)
}

/** Whether mozjpeg may have fitted a step. @param isOff whether others are a little off too */
function isFit(known: number, step: number, isOff: boolean): boolean {
  // Rounded up, as no single flipped bit makes it.
  const isHalf = step === Math.ceil(finestFit * known)
  return isHalf || (isOff && step > finestFit * known && step < coarsestFit * known + 1)
}
