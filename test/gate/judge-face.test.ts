import { describe, expect, it } from 'vitest'
import {
  faultOf,
  isInDoubt,
  isListed,
  isOfLight,
  requireSureFace,
  suspicionOf,
  tellsOfTurn,
} from '../../src/gate/judge-face.ts'
import { qualityRules } from '../../src/gate/quality-rules.ts'
import type { Measures } from '../../src/gate/rule.ts'
import { fakeMeasures } from '../support/app/fake-engine.ts'
import { faceAt } from '../support/faces/upright-face.ts'

const good = fakeMeasures
/** As far from every head's limits as a photo can be. */
const clear = {
  eyesVeiled: -9,
  mouthCovered: -9,
  distorted: -9,
  shaken: -9,
  drawn: -9,
  painted: -9,
}

function refusal(changed: Partial<Measures>, purpose: 'probe' | 'enrollment') {
  const fault = faultOf({ ...good, ...changed }, purpose)
  return fault && { code: fault.code, message: fault.message }
}

describe('the quality gate', () => {
  it('lets a good photo through for either purpose', () => {
    expect(refusal({}, 'probe')).toBeNull()
    expect(refusal({}, 'enrollment')).toBeNull()
  })

  it.each([
    [
      { whole: 0 },
      'face_cut_off',
      'The border of the photo cuts the face: an eye, the nose or the mouth is outside.',
    ],
    [{ faceSize: 23 }, 'face_too_small', 'The face is 23 pixels wide, at least 24 are needed.'],
    [
      { brightness: 0.049 },
      'face_too_dark',
      'The face has a brightness of 0.049, at least 0.05 is needed.',
    ],
    [
      { brightness: 0.94 },
      'face_too_bright',
      'The face has a brightness of 0.94, at most 0.93 is allowed.',
    ],
    [
      { contrast: 0.03 },
      'face_low_contrast',
      'The face has a contrast of 0.03, at least 0.035 is needed.',
    ],
    [
      { contrast: 0.03, brightness: 0.09 },
      'face_too_dark',
      'The face is so dark that it has a contrast of 0.03, at least 0.035 is needed.',
    ],
    [
      { contrast: 0.03, brightness: 0.19 },
      'face_too_dark',
      'The face is so dark that it has a contrast of 0.03, at least 0.035 is needed.',
    ],
    [
      { contrast: 0.03, brightness: 0.2 },
      'face_low_contrast',
      'The face has a contrast of 0.03, at least 0.035 is needed.',
    ],
    [
      { sharpness: 0.1 },
      'face_too_blurry',
      'The face has a sharpness of 0.1, at least 0.15 is needed.',
    ],
    [
      { yaw: -46 },
      'face_turned_away',
      'The face is turned -46 degrees to the side, -45 to 45 are allowed.',
    ],
    [
      { pitch: 51 },
      'face_turned_away',
      'The face is turned 51 degrees up or down, -30 to 50 are allowed.',
    ],
    [
      { drawn: 2.1 },
      'no_face',
      'What resembles a face is flat and without texture, as a drawing is.',
    ],
    [{ eyesCovered: 0.1 }, 'face_eyes_covered', 'The eyes are covered, as by dark glasses.'],
    [
      { mouthCovered: 0.1 },
      'face_mouth_covered',
      'The lower half of the face is covered, as by a mask.',
    ],
    [
      { grainy: 0.1 },
      'face_too_grainy',
      'Noise or strong compression has left too little of the face.',
    ],
    [{ shaken: 2.1 }, 'face_shaken', 'The face moved while the photo was taken.'],
    [
      { distorted: 2.1 },
      'face_distorted',
      'The middle of the face is too large for its edge, as when the lens is too near.',
    ],
    [
      { disagreement: 0.26 },
      'face_turned_away',
      'Eyes, nose and mouth cannot be told apart: the face is turned to the side, or covered.',
    ],
    [
      { disagreement: 0.26, shown: 0.91 },
      'face_cut_off',
      'The border of the photo cuts the face: an eye, the nose or the mouth is outside.',
    ],
    [{ disagreement: 0.26, shaken: 1 }, 'face_shaken', 'The face moved while the photo was taken.'],
    [
      { disagreement: 0.26, shaken: 0.99 },
      'face_turned_away',
      'Eyes, nose and mouth cannot be told apart: the face is turned to the side, or covered.',
    ],
    [
      { disagreement: 0.26, shaken: 3, shown: 0.91 },
      'face_cut_off',
      'The border of the photo cuts the face: an eye, the nose or the mouth is outside.',
    ],
    [
      { disagreement: 0.26, shown: 0.92 },
      'face_turned_away',
      'Eyes, nose and mouth cannot be told apart: the face is turned to the side, or covered.',
    ],
    [
      { mouthCovered: 0.1, shown: 0.91 },
      'face_cut_off',
      'The border of the photo cuts the face: an eye, the nose or the mouth is outside.',
    ],
    [
      { mouthCovered: 0.1, shown: 0.92 },
      'face_mouth_covered',
      'The lower half of the face is covered, as by a mask.',
    ],
  ] as const)('refuses a probe with %o as %s', (changed, code, message) => {
    expect(refusal(changed, 'probe')).toEqual({ code, message })
  })

  it.each([
    [{ shown: 0.8 }, 'face_cut_off'],
    [{ faceSize: 26 }, 'face_too_small'],
    [{ brightness: 0.08 }, 'face_too_dark'],
    [{ brightness: 0.9 }, 'face_too_bright'],
    [{ contrast: 0.05 }, 'face_low_contrast'],
    [{ contrast: 0.05, brightness: 0.15 }, 'face_too_dark'],
    [{ sharpness: 0.2 }, 'face_too_blurry'],
    [{ shaken: 1.6 }, 'face_shaken'],
    [{ distorted: 1.11 }, 'face_distorted'],
    [{ drawn: 1.1 }, 'no_face'],
    [{ painted: 0.1 }, 'face_painted'],
    [{ painted: 20 }, 'face_painted'],
    [{ painted: 20, brightness: 0.87 }, 'face_painted'],
  ] as const)('is stricter when enrolling: %o is a good probe, but %s', (changed, code) => {
    expect(refusal(changed, 'probe')).toBeNull()
    expect(refusal(changed, 'enrollment')?.code).toBe(code)
  })

  it('says how much of a face is in the picture that cannot be enrolled', () => {
    expect(refusal({ shown: 0.75 }, 'enrollment')?.message).toBe(
      'The border of the photo cuts the face: 75 % of its outline are in the picture.',
    )
  })

  it.each([
    'faceSize',
    'brightness',
    'contrast',
    'sharpness',
    'yaw',
    'pitch',
    'disagreement',
    'whole',
    'shown',
    'drawn',
    'eyesCovered',
    'mouthCovered',
    'grainy',
    'shaken',
    'distorted',
  ] as const)('refuses a %s that is not a number', (measure) => {
    expect(refusal({ [measure]: Number.NaN }, 'probe')).not.toBeNull()
    expect(refusal({ [measure]: Number.NaN }, 'enrollment')).not.toBeNull()
  })

  it('does not care how far the head leans: faces are turned upright', () => {
    expect(refusal({ roll: 170 }, 'enrollment')).toBeNull()
  })
})

describe('isListed', () => {
  const photo = { width: 1280, height: 960 }
  it('lists a large face whatever the landmarks make of it, and a small one only where they agree', () => {
    expect(isListed(faceAt(600, 400, 120), photo, 3)).toBe(true)
    expect(isListed(faceAt(600, 400, 119), photo, 3)).toBe(false)
    expect(isListed(faceAt(600, 400, 119), photo, Number.NaN)).toBe(false)
    expect(isListed(faceAt(600, 400, 40), photo, 0.25)).toBe(true)
  })
})

describe('tellsOfTurn', () => {
  it.each([
    [{ disagreement: 1 }, true],
    [{ sharpness: 0.01 }, true],
    [{ yaw: 80 }, true],
    [{ mouthCovered: 3 }, true],
    [{ contrast: 0.01 }, false],
    [{ faceSize: 10 }, false],
    [{ brightness: 0.01 }, false],
    [{ brightness: 0.99 }, false],
    [{ brightness: 0.01, contrast: 0.01 }, false],
  ] as const)('of what %o is refused with: %s', (changed, tells) => {
    expect(tellsOfTurn(faultOf({ ...good, ...changed }, 'probe')!)).toBe(tells)
  })
})

const faceWith = (score: number) => faceAt(50, 50, 100, { score })

describe('requireSureFace', () => {
  it.each([0.5, 0.8, 1])('takes a face that the detector gives %f', (score) => {
    expect(() => requireSureFace(faceWith(score))).not.toThrow()
  })

  it.each([0.3, 0.49, Number.NaN])('is no_face for what the detector gives %f', (score) => {
    expect(() => requireSureFace(faceWith(score))).toThrow(
      expect.objectContaining({
        code: 'no_face',
        message: `What resembles a face most has a score of ${score.toFixed(2)}, at least 0.5 is needed.`,
      }),
    )
  })
})

describe('a probe in doubt', () => {
  const doubted = [
    { eyesCovered: 5 },
    { mouthCovered: 12 },
    { grainy: 0.1 },
    { shaken: 3 },
    { brightness: 0.02 },
    { brightness: 0.03, contrast: 0.012 },
    { grainy: 0.1, brightness: 0.03, contrast: 0.02 },
    { eyesCovered: 1, brightness: 0.03, contrast: 0.02 },
    { brightness: 0.96 },
    { brightness: 0.96, mouthCovered: 3 },
    { mouthCovered: 3, shown: 0.8 },
  ] satisfies Partial<Measures>[]

  it.each(doubted)('has one fault, and not too much of it: %j', (changed) => {
    expect(isInDoubt({ ...good, ...changed })).toBe(true)
    expect(refusal(changed, 'probe')).not.toBeNull()
    expect(refusal(changed, 'enrollment')).not.toBeNull()
  })

  it.each<[Partial<Measures>]>([
    [{}],
    [{ shaken: 1.9 }],
    [{ eyesCovered: 12.1 }],
    [{ grainy: 8.1 }],
    [{ shaken: 4.1 }],
    [{ eyesCovered: 1, mouthCovered: 1 }],
    [{ eyesCovered: 1, yaw: 46 }],
    [{ grainy: 1, brightness: 0.01 }],
    [{ brightness: 0.019 }],
    [{ brightness: 0.03, contrast: 0.011 }],
    [{ brightness: 0.1, contrast: 0.03 }],
    [{ brightness: 0.03, grainy: 1, shaken: 3 }],
    [{ brightness: 0.03, yaw: 46 }],
    [{ brightness: 0.961 }],
    [{ brightness: 0.95, yaw: 46 }],
    [{ brightness: 0.95, mouthCovered: 1, eyesCovered: 1 }],
    [{ disagreement: 0.26, shown: 0.8 }],
    [{ disagreement: 0.26, shaken: 3 }],
    [{ eyesCovered: Number.NaN }],
    [{ eyesCovered: 1, contrast: Number.NaN }],
    [{ distorted: 2.1 }],
    [{ drawn: 2.1 }],
    [{ whole: 0 }],
    [{ sharpness: 0.14 }],
  ])('is none with %j', (changed) => {
    expect(isInDoubt({ ...good, ...changed })).toBe(false)
  })
})

describe('isOfLight', () => {
  it('is so for too little light and too much of it', () => {
    const codes = new Set(qualityRules.map(({ code }) => code))
    const ofLight = [...codes].filter((code) => isOfLight({ code }))
    expect(ofLight).toEqual(['face_too_dark', 'face_too_bright'])
  })
})

describe('a suspect probe', () => {
  const suspect = [
    [{ distorted: -0.4 }, 0.5],
    [{ distorted: 0 }, 1],
    [{ distorted: 2 }, 1],
    [{ painted: 0 }, 1],
    [{ painted: 20 }, 1],
    [{ painted: 20, brightness: 0.859 }, 1],
    [{ mouthCovered: 0, shown: 0.8 }, 1],
    [{ eyesVeiled: 3.8 }, 0.4],
    [{ eyesVeiled: 9.5 }, 1],
    [{ eyesVeiled: 20 }, 1],
    [{ mouthCovered: -1.5 }, 0.25],
    [{ mouthCovered: 0 }, 1],
    [{ shaken: 0.25 }, 0.25],
    [{ shaken: 1 }, 1],
    [{ drawn: 0 }, 1],
    [{ drawn: 2 }, 1],
    [{ brightness: 0.075 }, 0.5],
    [{ brightness: 0.05 }, 1],
  ] satisfies [Partial<Measures>, number][]

  it.each(suspect)(
    'passes, and is held the more strictly the more is wrong: %j',
    (changed, share) => {
      expect(suspicionOf({ ...good, ...changed }).probe).toBeCloseTo(share, 9)
      expect(isInDoubt({ ...good, ...changed })).toBe(false)
      expect(refusal(changed, 'probe')).toBeNull()
    },
  )

  it.each<[Partial<Measures>]>([
    [{}],
    [{ distorted: -0.8 }],
    [{ painted: -0.1 }],
    [{ painted: 20, brightness: 0.86 }],
    [{ eyesCovered: 0 }],
    [{ eyesVeiled: 0 }],
    [{ mouthCovered: -2 }],
    [{ shaken: 0 }],
    [{ drawn: -0.1 }],
    [{ grainy: -0.1 }],
    [{ brightness: 0.1 }],
    [{ distorted: Number.NaN }],
    [{ brightness: Number.NaN }],
  ])('is none with %j', (changed) => {
    expect(suspicionOf({ ...good, ...changed }).probe).toBe(0)
  })

  it('is held as its surest fault asks', () => {
    expect(suspicionOf({ ...good, distorted: -0.4, shaken: 0.25 }).probe).toBeCloseTo(0.5, 9)
  })

  it.each(suspect)('as enrolled it is as suspect, or more: %j', (changed, _) => {
    const { probe, enrollment } = suspicionOf({ ...good, ...clear, ...changed })
    expect(enrollment).toBeGreaterThanOrEqual(probe)
  })

  it.each<[Partial<Measures>, number]>([
    [{}, 0],
    [{ eyesVeiled: -1 }, 0],
    [{ eyesVeiled: 1 }, 0.5],
    [{ eyesVeiled: 3 }, 1],
    [{ mouthCovered: -4 }, 0],
    [{ mouthCovered: -2.5 }, 0.75],
    [{ distorted: -2.6 }, 0],
    [{ distorted: -1.8 }, 0.5],
    [{ shaken: -1.5 }, 0.5],
    [{ drawn: -0.75 }, 0.5],
    [{ painted: -0.75 }, 0.5],
    [{ painted: 20, brightness: 0.86 }, 0],
    [{ brightness: 0.15 }, 0.5],
    [{ shaken: Number.NaN }, 0],
  ])('as an enrolled photo, with %j it is suspect by %d', (changed, share) => {
    expect(suspicionOf({ ...good, ...clear, ...changed }).enrollment).toBeCloseTo(share, 9)
  })
})
