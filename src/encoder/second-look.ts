/**
 * The chip of a second look at a face: the first one's mirror image, a little closer. What a network makes of one exact frame is partly
 * chance; another frame and the other side average some of it out. It is made from the chip, so the photo need not be kept. Pure.
 */

/** Share of the chip's side that is seen. Chosen on LFW, folds 1-3, among 0.9 to 1.12, shifts, and up to five more frames: docs/accuracy.md. */
const seenShare = 0.94

/** @param chip [size, size, 3] */
export function secondChip(chip: Float32Array, size: number): Float32Array {
  const again = new Float32Array(chip.length)
  // The middle of the chip stays where it is, so row and column are read at the same places.
  const places = Float64Array.from({ length: size }, (_, i) => {
    const from = size / 2 + seenShare * (i + 0.5 - size / 2) - 0.5
    return Math.min(size - 1, Math.max(0, from))
  })
  let target = 0
  for (let row = 0; row < size; row++) {
    const top = Math.min(size - 2, Math.floor(places[row]!))
    const down = places[row]! - top
    for (let column = size - 1; column >= 0; column--) {
      const left = Math.min(size - 2, Math.floor(places[column]!))
      const right = places[column]! - left
      const above = (top * size + left) * 3
      const below = above + size * 3
      for (let channel = 0; channel < 3; channel++) {
        const [a, b] = [above + channel, below + channel]
        const over = chip[a]! + (chip[a + 3]! - chip[a]!) * right
        const under = chip[b]! + (chip[b + 3]! - chip[b]!) * right
        again[target++] = over + (under - over) * down
      }
    }
  }
  return again
}
