/** Rules about what is seen of the face: where landmarks find it, what covers, paints, smears or distorts it, and how it is turned. */
import { mostDisagreement } from '../face/agreement.ts'
import { cutMessage, leastShown } from './frame-rules.ts'
import type { MeasureRule, Measures, Range, Rule } from './rule.ts'

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

export const seenRules: readonly MeasureRule[] = [
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
    strictly: { probe: [0, 0], enrollment: [-1.5, 0] },
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
    strictly: { probe: [0, 9.5], enrollment: [-1, 3] },
    message: () => 'The eyes are half covered, as by tinted glasses.',
  },
  ...causedBy([cutOff], {
    measure: 'mouthCovered',
    code: 'face_mouth_covered',
    passes: [-Infinity, 0],
    doubts: [0, 12],
    strictly: { probe: [-2, 0], enrollment: [-4, -2] },
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
    strictly: { probe: [0, 0], enrollment: [-1.5, 0] },
  },
  { measure: 'painted', when: ({ brightness }) => !(brightness < paleFrom), ...painted },
  {
    measure: 'shaken',
    code: 'face_shaken',
    // Soft photos of 96 pixels, as of a door's camera, reach 1.1 and are compared well.
    passes: { probe: [-Infinity, 2], enrollment: [-Infinity, 1.5] },
    doubts: [2, 4],
    strictly: { probe: [0, 1], enrollment: [-2.5, -0.5] },
    message: () => shakenMessage,
  },
  {
    measure: 'distorted',
    code: 'face_distorted',
    // Some faces are broad in the middle by nature: they are enrolled, and as probes they pass. But a face that a lens distorts a little looks
    // the same, and so does a stranger's. No doubts: of photos that are distorted enough to be refused few match the right person.
    passes: { probe: [-Infinity, 2], enrollment: [-Infinity, 1.1] },
    strictly: { probe: [-0.8, 0], enrollment: [-2.6, -1] },
    message: () =>
      'The middle of the face is too large for its edge, as when the lens is too near.',
  },
  { measure: 'yaw', ...turnedAway('to the side', [-45, 45]) },
  // The estimate of pitch says 9 degrees for a face that looks straight ahead, so its range is not symmetric.
  { measure: 'pitch', ...turnedAway('up or down', [-30, 50]) },
]

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

function turnedAway(where: string, passes: Range): Rule {
  return {
    code: 'face_turned_away',
    passes,
    message: (degrees, [least, most]) =>
      `The face is turned ${Math.round(degrees)} degrees ${where}, ${least} to ${most} are allowed.`,
  }
}
