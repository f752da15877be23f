/**
 * Photos of a face as they might have been taken: mirrored, shifted, turned and scaled a little, brighter or darker. What
 * becomes of a photo follows from the seed alone. Pure.
 */

import { warp } from '../../../src/image/warp.ts'
import type { SeededRandom } from '../../learning/seeded-random.ts'

/** How far each goes at most; all 0 and false leaves photos as they are. */
export interface Augmentation {
  /** Whether every other photo is mirrored. */
  readonly mirror: boolean
  /** Share of the chip's side. */
  readonly shift: number
  /** Degrees either way. */
  readonly turnDegrees: number
  /** Share larger or smaller. */
  readonly zoom: number
  /** Share of contrast, and share of the range of brightness, up or down. */
  readonly light: number
}

export const plain: Augmentation = { mirror: false, shift: 0, turnDegrees: 0, zoom: 0, light: 0 }

/** Squares of one size around a face, [size + 2 * margin, size + 2 * margin, 3], pixels 0..255. */
export interface Squares {
  readonly size: number
  /** Pixels around the chip, so that a shift does not bring in black. */
  readonly margin: number
}

/**
 * @param square [side, side, 3] with side = size + 2 * margin
 * @returns chip [size, size, 3], 0..255
 */
export function augment(
  square: Uint8Array,
  { size, margin }: Squares,
  augmentation: Augmentation,
  random: SeededRandom,
): Float32Array {
  const { mirror, shift, turnDegrees, zoom, light } = augmentation
  // Drawn in any case, so that one setting does not change what another draws.
  const [isMirrored, right, down, turn, larger, contrast, brightness] = [
    random.next() < 0.5,
    ...Array.from({ length: 6 }, () => random.between(-1, 1)),
  ] as [boolean, number, number, number, number, number, number]
  const angle = (turn * turnDegrees * Math.PI) / 180
  const scale = 1 + larger * zoom
  const a = scale * Math.cos(angle)
  const b = scale * Math.sin(angle)
  const side = size + 2 * margin
  // The middle of the chip lies in the middle of the square, but for the shift.
  const x0 = side / 2 + right * shift * size - ((a - b) * size) / 2
  const y0 = side / 2 + down * shift * size - ((a + b) * size) / 2
  const chip = warp({ width: side, height: side, data: square }, { a, b, x0, y0 }, size)
  if (mirror && isMirrored) mirrorInPlace(chip, size)
  if (light > 0) {
    const factor = 1 + contrast * light
    const offset = brightness * light * 127.5 + 127.5 * (1 - factor)
    for (let i = 0; i < chip.length; i++) {
      chip[i] = Math.min(255, Math.max(0, chip[i]! * factor + offset))
    }
  }
  return chip
}

/** @param chip [size, size, 3] */
function mirrorInPlace(chip: Float32Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size >> 1; column++) {
      const left = (row * size + column) * 3
      const right = (row * size + size - 1 - column) * 3
      for (let c = 0; c < 3; c++) {
        const kept = chip[left + c]!
        chip[left + c] = chip[right + c]!
        chip[right + c] = kept
      }
    }
  }
}
