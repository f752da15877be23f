/**
 * Whether a photo of a face is good enough to be compared, as one list of rules: what is measured, which values pass, and with which code
 * others are refused. What fails here would mostly be refused as somebody else, without a reason. Enrollment is stricter, since every later
 * comparison rests on its photos. The limits of quality are where, on photos made worse step by step, many of the right people are refused,
 * or twice as many of the wrong ones let in (docs/accuracy.md, "How bad a photo may be"). A probe that something covers or spoils a little
 * may be compared all the same, in doubt (decision/doubt.ts). judge-face.ts holds faces against the rules.
 */
import { darkBelow } from '../encoder/lift-dark.ts'
import type { ErrorCode } from '../errors/error-table.ts'
import { mostDisagreement } from './agreement.ts'
import { minFacePixels } from './choose-face.ts'
import type { Condition } from './condition/condition.ts'
import type { Quality } from './quality.ts'

export type Purpose = 'probe' | 'enrollment'

/** Everything that is measured of a face before it is compared. */
export interface Measures extends Quality, Condition {
  /** As agreement.ts has it. */
  readonly disagreement: number
  /** 1 when eyes, nose and mouth lie in the photo, 0 when the border cuts one of them off. */
  readonly whole: number
  /** 0..1, how much of the face lies in the photo: of its landmarks or, where these miss it, of its box. */
  readonly shown: number
}

export type Range = readonly [least: number, most: number]

export interface Rule {
  readonly code: ErrorCode
  /** Of which faces alone it speaks; of every one unless given. */
  readonly when?: (measures: Measures) => boolean
  /** Values that pass, both ends included; one range for every purpose, or a stricter one for enrollment. */
  readonly passes: Range | Readonly<Record<Purpose, Range>>
  /**
   * Values of a probe that do not pass, but may be compared in doubt; none unless given. They end where a third of the right people match
   * at the stricter threshold, or where none were measured (docs/accuracy.md, "Probes in doubt").
   */
  readonly doubts?: Range
  /** Whether it is about the light, which spoils what other rules see too: its doubt goes with one of theirs, and no liveness score counts. */
  readonly isOfLight?: true
  /**
   * From the first value on, upwards or downwards to the second, a probe that passes is held the more strictly, beyond the second as strictly as
   * one in doubt; never unless given: photos that are spoilt alike match several times as often as asked, and sound ones seldom have such values.
   */
  readonly strictly?: readonly [start: number, full: number]
  readonly message: (value: number, passes: Range) => string
}

export interface MeasureRule extends Rule {
  readonly measure: keyof Measures
}

/** A probe that is darker is in doubt: strangers who are both photographed in the dark resemble each other. */
const leastBrightness = 0.05
/** A probe that is brighter, as by a flash close by, is in doubt: nobody else comes near it, but of two such strangers some resemble each other. */
const mostBrightness = 0.93
const leastContrast = { probe: [0.035, Infinity], enrollment: [0.06, Infinity] } as const

/** Brightness below which want of light, not haze, leaves little contrast. */
const dimBelow = 0.2

/**
 * Share of the face in the photo below which the border is to blame for a mouth that is not seen, and for landmarks that miss the face. Of 160
 * LFW faces cut through the mouth or chin none whose mouth seemed covered showed more than 0.93; with the chin alone cut off they show 0.91 to 0.99.
 */
export const leastShown = 0.92
const cutMessage =
  'The border of the photo cuts the face: an eye, the nose or the mouth is outside.'
const shakenMessage = 'The face moved while the photo was taken.'

/** What explains a fault, and is told in its place. */
type Cause = Pick<Rule, 'code' | 'message'> & Required<Pick<Rule, 'when'>>

const cutOff: Cause = {
  code: 'face_cut_off',
  when: ({ shown }) => shown < leastShown,
  message: () => cutMessage,
}
/** Of faces that landmarks miss, those smeared along a line score 1.7 and more, those in flash, shade or side light at most 0.2. */
const moved: Cause = {
  code: 'face_shaken',
  when: ({ shaken }) => shaken >= 1,
  message: () => shakenMessage,
}

/** Brightness from which on bare skin is as pale as cream: of 707 faces in flash or glaring light 2 in 100 seem painted below it, 32 above. */
const paleFrom = 0.86
const painted = {
  code: 'face_painted',
  // Two strangers in one paint resemble each other, but neither resembles anybody who is enrolled without it: a probe is never refused for it.
  passes: { probe: [-Infinity, Infinity], enrollment: [-Infinity, 0] },
  message: () => 'Paint, cream or a party mask lies over all of the face.',
} as const satisfies Partial<Rule>

/** The fault that is listed first is the one to mend first: light before sharpness, since a photo in bad light is blurred too. */
export const qualityRules: readonly MeasureRule[] = [
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
  {
    measure: 'brightness',
    code: 'face_too_dark',
    passes: { probe: [leastBrightness, Infinity], enrollment: [darkBelow, Infinity] },
    doubts: [0.02, leastBrightness],
    isOfLight: true,
    strictly: [darkBelow, leastBrightness],
    message: (value, [least]) =>
      `The face has a brightness of ${round(value)}, at least ${least} is needed.`,
  },
  {
    measure: 'brightness',
    code: 'face_too_bright',
    passes: { probe: [-Infinity, mostBrightness], enrollment: [-Infinity, 0.88] },
    doubts: [mostBrightness, 0.96],
    isOfLight: true,
    message: (value, [, most]) =>
      `The face has a brightness of ${round(value)}, at most ${most} is allowed.`,
  },
  // What is dark is flat too, and more light helps both; wiping the lens would not. A dark probe is lifted before it is encoded.
  {
    measure: 'contrast',
    code: 'face_too_dark',
    when: ({ brightness }) => brightness < darkBelow,
    passes: leastContrast,
    doubts: [0.012, leastContrast.probe[0]],
    isOfLight: true,
    message: flatInTheDark,
  },
  {
    measure: 'contrast',
    code: 'face_too_dark',
    when: ({ brightness }) => brightness >= darkBelow && brightness < dimBelow,
    passes: leastContrast,
    isOfLight: true,
    message: flatInTheDark,
  },
  {
    measure: 'contrast',
    code: 'face_low_contrast',
    when: ({ brightness }) => brightness >= dimBelow,
    passes: leastContrast,
    message: (value, [least]) =>
      `The face has a contrast of ${round(value)}, at least ${least} is needed.`,
  },
  {
    measure: 'sharpness',
    code: 'face_too_blurry',
    passes: { probe: [0.15, Infinity], enrollment: [0.36, Infinity] },
    message: (value, [least]) =>
      `The face has a sharpness of ${round(value)}, at least ${least} is needed.`,
  },
  // Before all that means nothing where the landmarks are elsewhere.
  ...causedBy([cutOff, moved], {
    measure: 'disagreement',
    code: 'face_turned_away',
    passes: [0, mostDisagreement],
    message: () =>
      'Eyes, nose and mouth cannot be told apart: the face is turned to the side, or covered.',
  }),
  {
    measure: 'drawn',
    code: 'no_face',
    // Soft skin in coloured light, close by or backlit, reaches 1.3, drawn portraits at least 3.3.
    passes: { probe: [-Infinity, 2], enrollment: [-Infinity, 1] },
    strictly: [0, 0],
    message: () => 'What resembles a face is flat and without texture, as a drawing is.',
  },
  {
    measure: 'eyesCovered',
    code: 'face_eyes_covered',
    passes: [-Infinity, 0],
    doubts: [0, 12],
    message: () => 'The eyes are covered, as by dark glasses.',
  },
  {
    measure: 'eyesVeiled',
    code: 'face_eyes_covered',
    // Tinted lenses and reflections leave much of a face: they refuse no photo, but strangers who both wear them resemble each other.
    passes: [-Infinity, Infinity],
    strictly: [0, 9.5],
    message: () => 'The eyes are half covered, as by tinted glasses.',
  },
  ...causedBy([cutOff], {
    measure: 'mouthCovered',
    code: 'face_mouth_covered',
    passes: [-Infinity, 0],
    doubts: [0, 12],
    strictly: [-2, 0],
    message: () => 'The lower half of the face is covered, as by a mask.',
  }),
  {
    measure: 'grainy',
    code: 'face_too_grainy',
    passes: [-Infinity, 0],
    doubts: [0, 8],
    message: () => 'Noise or strong compression has left too little of the face.',
  },
  {
    measure: 'painted',
    when: ({ brightness }) => brightness < paleFrom,
    ...painted,
    strictly: [0, 0],
  },
  { measure: 'painted', when: ({ brightness }) => !(brightness < paleFrom), ...painted },
  {
    measure: 'shaken',
    code: 'face_shaken',
    // Soft photos of 96 pixels, as of a door's camera, reach 1.1 and are compared well.
    passes: { probe: [-Infinity, 2], enrollment: [-Infinity, 1.5] },
    doubts: [2, 4],
    strictly: [0, 1],
    message: () => shakenMessage,
  },
  {
    measure: 'distorted',
    code: 'face_distorted',
    // Some faces are broad in the middle by nature: they are enrolled, and as probes they pass. But a face that a lens distorts a little looks
    // the same, and so does a stranger's. No doubts: of photos that are distorted enough to be refused few match the right person.
    passes: { probe: [-Infinity, 2], enrollment: [-Infinity, 1.1] },
    strictly: [-0.8, 0],
    message: () =>
      'The middle of the face is too large for its edge, as when the lens is too near.',
  },
  { measure: 'yaw', ...turnedAway('to the side', [-45, 45]) },
  // The estimate of pitch says 9 degrees for a face that looks straight ahead, so its range is not symmetric.
  { measure: 'pitch', ...turnedAway('up or down', [-30, 50]) },
]

/** Of the detector's score. What scores less is never a face; a score that is not a number comes from a broken network. */
export const sureRule: Rule = {
  code: 'no_face',
  passes: [0.5, Infinity],
  message: (value, [least]) =>
    `What resembles a face most has a score of ${value.toFixed(2)}, at least ${least} is needed.`,
}

/** The rule, which names the first of the causes that the face shows in place of what it would say itself. */
function causedBy(causes: readonly Cause[], rule: MeasureRule): MeasureRule[] {
  const none = (some: readonly Cause[]) => (measures: Measures) =>
    !some.some(({ when }) => when(measures))
  const named = causes.map((cause, i) => ({
    ...rule,
    ...cause,
    when: (measures: Measures) => cause.when(measures) && none(causes.slice(0, i))(measures),
  }))
  return [...named, { ...rule, when: none(causes) }]
}

function flatInTheDark(value: number, [least]: Range): string {
  return `The face is so dark that it has a contrast of ${round(value)}, at least ${least} is needed.`
}

function turnedAway(where: string, passes: Range): Rule {
  return {
    code: 'face_turned_away',
    passes,
    message: (degrees, [least, most]) =>
      `The face is turned ${Math.round(degrees)} degrees ${where}, ${least} to ${most} are allowed.`,
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
