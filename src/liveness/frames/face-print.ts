/**
 * A perceptual hash of a frame: one bit for each place of the face chip, whether it is lighter than what surrounds it. The chip is
 * stretched to the landmarks, so a copy that was cropped, scaled, turned, slanted or compressed again keeps its print, and a mirrored
 * one has the mirrored print; another photo of the same face has another one. Pure.
 */
import { chipSide, type FaceChip } from './face-chip.ts'

/** Places along a side. */
const side = 18
const pixels = chipSide / side

/** Hexadecimal, four places a digit, row by row. */
export type FacePrint = string

export function facePrintOf(chip: FaceChip): FacePrint {
  let print = ''
  for (let place = 0; place < side * side; place += 4) {
    let digit = 0
    for (let k = 0; k < 4; k++) digit = 2 * digit + (isLight(chip, place + k) ? 1 : 0)
    print += digit.toString(16)
  }
  return print
}

/** Share of the places that differ, 0..1, of one print and the other or its mirror image, whichever is nearer. */
export function printDistance(left: FacePrint, right: FacePrint): number {
  const [a, b] = [bitsOf(left), bitsOf(right)]
  let [same, mirrored] = [0, 0]
  a.forEach((bit, place) => {
    const across = place % side
    if (bit !== b[place]) same++
    if (bit !== b[place - across + (side - 1 - across)]) mirrored++
  })
  return Math.min(same, mirrored) / (side * side)
}

function isLight(chip: FaceChip, place: number): boolean {
  const from = Math.floor(place / side) * pixels * chipSide + (place % side) * pixels
  let sum = 0
  for (let y = 0; y < pixels; y++) {
    for (let x = 0; x < pixels; x++) sum += chip[from + y * chipSide + x]!
  }
  return sum > 0
}

function bitsOf(print: FacePrint): number[] {
  return [...print].flatMap((digit) => {
    const value = Number.parseInt(digit, 16)
    return [8, 4, 2, 1].map((bit) => (value & bit ? 1 : 0))
  })
}
