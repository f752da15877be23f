/**
 * Whether two frames are one picture, however it was cropped, scaled, turned, slanted or mirrored. The same face in the same pose comes
 * close to that, so a frame ahead and a nearer one are not compared. Pure.
 */

import { chipSide, type FaceChip } from './frames/face-chip.ts'
import { type FacePrint, printDistance } from './frames/face-print.ts'
import type { Frame } from './frames/frame.ts'
import { layFlat } from './relief/dense-relief.ts'

/** Prints of two frames of one sequence that are nearer are of one picture: 97 of 100 copies, 1 in 1,000 pairs of LFW. */
const nearPrints = 0.11
/** Frames of other sequences may show the same face in the same place and light: only what was sent again is so near. */
const samePrints = 0.04
/** Of two frames of a sequence, to two of one earlier sequence: both were sent again, cropped, scaled or in other tones. */
const similarPrints = 0.065
/** Agreement with the mirror image from which on one is made of the other. */
const mirrored = 0.9

export function areOnePicture(left: Frame, right: Frame): boolean {
  return printDistance(left.print, right.print) <= nearPrints
}

/** Of frames that turn to different sides: whether one was made of the other. */
export function isMirrored(left: Frame, right: Frame): boolean {
  return !(layFlat(left.chip, mirrorChip(right.chip)) < mirrored)
}

/** Whether frames of a sequence were sent before. @param seen prints of the frames of earlier sequences, one list each */
export function wereSeen(
  frames: readonly Pick<Frame, 'print'>[],
  seen: readonly (readonly FacePrint[])[],
): boolean {
  if (frames.some((frame) => wasSeen(frame, seen.flat()))) return true
  return seen.some((earlier) => {
    const similar = frames.flatMap(({ print }, frame) =>
      [...earlier.keys()]
        .filter((place) => printDistance(print, earlier[place]!) <= similarPrints)
        .map((place) => ({ frame, place })),
    )
    // Two frames with an earlier one each: of one earlier frame that two are similar to, both may be new, and the other way round.
    const [own, others] = [similar.map(({ frame }) => frame), similar.map(({ place }) => place)]
    return new Set(own).size >= 2 && new Set(others).size >= 2
  })
}

/** @param seen prints of frames of earlier sequences */
export function wasSeen({ print }: Pick<Frame, 'print'>, seen: readonly FacePrint[]): boolean {
  return seen.some((other) => printDistance(print, other) <= samePrints)
}

export function mirrorChip(chip: FaceChip): FaceChip {
  return chip.map((_, i) => chip[i - (i % chipSide) + (chipSide - 1 - (i % chipSide))]!)
}
