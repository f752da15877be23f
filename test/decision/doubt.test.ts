import { describe, expect, it } from 'vitest'
import { findVerification } from '../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { decide } from '../../src/decision/decide.ts'
import { doubtCodes, doubtFor, type Held, heldTo, inDoubt } from '../../src/decision/doubt.ts'
import { reasons } from '../../src/decision/reasons.ts'
import { errorTable } from '../../src/errors/error-table.ts'
import { qualityRules } from '../../src/gate/quality-rules.ts'

describe('a probe in doubt', () => {
  it('matches at a distance that is a tenth smaller, and nowhere beyond', () => {
    const threshold = inDoubt({ threshold: 0.5 })
    expect(decide(0.449, threshold)).toBe('match')
    expect(decide(0.451, threshold)).toBe('no_match')
    expect(decide(Number.NaN, threshold)).toBe('no_match')
  })

  it('keeps the rate that was asked for', () => {
    expect(inDoubt({ threshold: 0.5, fmr: 0.001, model: 'net@1' })).toMatchObject({
      fmr: 0.001,
      model: 'net@1',
    })
  })

  const table = readCalibrationTable()
  const asked = table.calibrations.flatMap(({ model, verification }) =>
    [...new Set(verification.map(({ encodings }) => encodings))].flatMap((encodings) =>
      [0.01, 0.001].map((fmr) => [model, encodings, fmr] as const),
    ),
  )
  it.each(asked)(
    'of %s with %i encodings is held, at %s, to a rate ten times rarer, within 1 %% of distance',
    (...of) => {
      const [model, encodings, fmr] = of
      const at = (rate: number) => findVerification(table, model, { fmr: rate, encodings })
      expect(inDoubt(at(fmr)).threshold).toBeLessThanOrEqual(1.01 * at(fmr / 10).threshold)
    },
  )
})

describe('a probe is held', () => {
  it.each([
    ['against the threshold when it is sound', {}, 0.5],
    ['against the threshold when it is not suspect', { suspicion: 0 }, 0.5],
    ['against the stricter one when it is fully suspect', { suspicion: 1 }, 0.45],
    ['against one between when it is half suspect', { suspicion: 0.5 }, 0.475],
    [
      'against the threshold of a sound one where the enrolled photos are sound',
      { suspicion: 1, enrolledSuspicion: 0 },
      0.5,
    ],
    [
      'no more strictly than the enrolled photos are suspect',
      { suspicion: 1, enrolledSuspicion: 0.5 },
      0.475,
    ],
    ['no more strictly than it is suspect itself', { suspicion: 0.5, enrolledSuspicion: 1 }, 0.475],
    [
      'strictly when it is in doubt, however sound the enrolled photos are',
      { doubt: 'face_shaken', enrolledSuspicion: 0 },
      0.45,
    ],
    ['against the stricter one when it is in doubt', { doubt: 'face_shaken' }, 0.45],
    [
      'as strictly when it is in doubt and hardly suspect',
      { doubt: 'face_shaken', suspicion: 0.1 },
      0.45,
    ],
    ['no stricter when it is both', { doubt: 'face_shaken', suspicion: 1 }, 0.45],
  ] satisfies [string, Held, number][])('%s', (_, probe, threshold) => {
    expect(heldTo({ threshold: 0.5 }, probe).threshold).toBeCloseTo(threshold, 12)
  })
})

describe('what leaves a probe in doubt', () => {
  it('is every rule of the gate with doubts, and no other', () => {
    const codes = qualityRules.filter(({ doubts }) => doubts).map(({ code }) => code)
    expect(new Set(codes)).toEqual(new Set(doubtCodes))
  })

  it('is never a lens too near, several faces or none', () => {
    for (const code of ['face_distorted', 'multiple_faces', 'no_face'] as const) {
      expect(() => doubtFor(code)).toThrow(`${code} leaves no probe in doubt`)
    }
  })

  it.each(doubtCodes)('is a reason with the hint of %s, and counts as failed', (code) => {
    expect(reasons[code].hint).toBe(errorTable[code].hint)
    expect(reasons[code].counts).toBe('no_match')
  })
})
