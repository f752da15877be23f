import { describe, expect, it } from 'vitest'
import { defaultFmr, readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { dlibResnet } from '../../../src/encoder/dlib-resnet.ts'
import { nn4Small2OpenFace } from '../../../src/encoder/nn4-small2.ts'
import { grouped } from '../../../src/lib/count-of.ts'
import { randomNumbers } from '../../../test/support/random.ts'
import { chooseThresholds, describeThreshold, keepClosed } from '../../exercise/door-threshold.ts'
import { countNearPairs, tellsPeopleApart } from '../../exercise/near-pairs.ts'

const l2 = { metric: { kind: 'l2' }, threshold: 0.7 } as const
const face = (seed: number): Float32Array => randomNumbers(128, seed)
const apart = new Map(['ada', 'bea', 'cleo'].map((person, i) => [person, [face(i + 1)]]))
const together = new Map(
  ['ada', 'bea', 'cleo'].map((person, i) => [person, [face(1).map((value) => value + i / 1000)]]),
)
const model = 'nn4.small2@00000000'

describe('countNearPairs', () => {
  it('counts the pairs of two people that a threshold would take for one', () => {
    expect(countNearPairs(apart, l2)).toEqual({ near: 0, pairs: 3 })
    expect(countNearPairs(together, l2)).toEqual({ near: 3, pairs: 3 })
    expect(tellsPeopleApart({ near: 1, pairs: 10 })).toBe(true)
    expect(tellsPeopleApart({ near: 2, pairs: 10 })).toBe(false)
    expect(tellsPeopleApart({ near: 0, pairs: 0 })).toBe(true)
  })
})

describe('the threshold of a calibrated network', () => {
  it.each(readCalibrationTable().calibrations.map((row) => [row.model, row.fmr ?? defaultFmr]))(
    'of %s stands beside the rate it was measured for, %d',
    (calibrated, fmr) => {
      const choice = chooseThresholds(dlibResnet, calibrated, undefined)
      const house = { model: calibrated, thresholds: choice.thresholds, people: apart, refused: [] }
      const [verify, who] = describeThreshold(choice, house)
      const oneIn = grouped(Math.round(1 / fmr))
      const { threshold } = choice.thresholds.verification(calibrated, { encodings: 1 })
      expect(verify).toContain(`${threshold.toFixed(4)}  ours for verify: 1 stranger in ${oneIn} `)
      expect(who).toContain(`ours for who_is_it: 1 search in ${oneIn} `)
    },
  )
})

describe('the threshold of a network that nobody calibrated', () => {
  const household = (people: typeof apart, choice: ReturnType<typeof chooseThresholds>) =>
    keepClosed(choice, { model, thresholds: choice.thresholds, people, refused: [] })

  it("is the exercise's where encodings have length 1, and opens to nobody where it tells people not apart", () => {
    const choice = chooseThresholds(nn4Small2OpenFace, model, undefined)
    expect(household(apart, choice).keptClosed).toBeUndefined()
    const closed = household(together, choice)
    expect(closed.keptClosed).toBe('3 of 3 pairs of people in the database are as near')
    expect(describeThreshold(choice, closed).join(' ')).toContain('So nothing was decided')
  })

  it('is the one that is given, whatever it lets in', () => {
    const choice = chooseThresholds(nn4Small2OpenFace, model, 0.5)
    expect(choice.thresholds.verification(model, { encodings: 1 }).threshold).toBe(0.5)
    expect(household(together, choice).keptClosed).toBeUndefined()
  })

  it('is none for any other network', () => {
    const choice = chooseThresholds(dlibResnet, 'dlib-resnet@00000000', undefined)
    expect(choice.origin).toBe('none')
    expect(() => choice.thresholds.verification('dlib-resnet@00000000', { encodings: 1 })).toThrow(
      'has no calibrated threshold',
    )
  })
})
