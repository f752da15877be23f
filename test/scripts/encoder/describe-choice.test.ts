import { describe, expect, it } from 'vitest'
import {
  describeBetter,
  describeUncalibrated,
  type Measured,
} from '../../../scripts/encoder/describe-choice.ts'

describe('an encoder that nobody calibrated', () => {
  it('is said to let in nobody knows how many strangers, and by which distance it decides', () => {
    expect(describeUncalibrated('nn4.small2', 0.7)).toBe(
      'The encoder is nn4.small2, which nobody calibrated: a distance of 0.7 decides, and nobody knows how many strangers it lets in. ' +
        '"npm run calibrate -- <folder of people>" measures that.',
    )
  })
})

describe('a better encoder', () => {
  const figures = (name: string, fnmr: number): Measured => ({
    name,
    fnmr: [{ fmr: 1e-4, fnmr, low: fnmr, high: fnmr }],
  })
  const measured = [figures('plain', 0.138), figures('good', 0.03), figures('best', 0.029)]

  it('is named, with what it would refuse', () => {
    expect(describeBetter('plain', measured)).toBe(
      ' "npm run encoder -- best" makes it best: where one stranger in 10,000 is let in, it refuses 2.9 % of the right people, plain 13.8 %.',
    )
  })

  it('is not one that refuses about as many', () => {
    expect(describeBetter('good', measured)).toBe('')
    expect(describeBetter('best', measured)).toBe('')
  })

  it('is not named where nobody measured the running one', () => {
    expect(describeBetter('my-net', measured)).toBe('')
  })
})
