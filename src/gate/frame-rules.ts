/** Rules about the border of the photo and the size of the face in it. */
import { minFacePixels } from '../face/choose-face.ts'
import type { MeasureRule } from './rule.ts'

/**
 * Share of the face in the photo below which the border is to blame for a mouth that is not seen, and for landmarks that miss the face. Of 160
 * LFW faces cut through the mouth or chin none whose mouth seemed covered showed more than 0.93; with the chin alone cut off they show 0.91 to 0.99.
 */
export const leastShown = 0.92
export const cutMessage =
  'The border of the photo cuts the face: an eye, the nose or the mouth is outside.'

export const frameRules: readonly MeasureRule[] = [
  {
    measure: 'whole',
    code: 'face_cut_off',
    passes: [1, 1],
    message: () => cutMessage,
  },
  {
    measure: 'shown',
    code: 'face_cut_off',
    passes: { probe: [0, 1], enrollment: [0.9, 1] },
    message: (value) =>
      `The border of the photo cuts the face: ${Math.round(100 * value)} % of its outline are in the picture.`,
  },
  {
    measure: 'faceSize',
    code: 'face_too_small',
    passes: { probe: [minFacePixels, Infinity], enrollment: [27, Infinity] },
    message: (value, [least]) => `The face is ${value} pixels wide, at least ${least} are needed.`,
  },
]
