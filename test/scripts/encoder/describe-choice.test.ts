import { describe, expect, it } from 'vitest'
import { describeUncalibrated } from '../../../scripts/encoder/describe-choice.ts'

describe('an encoder that nobody calibrated', () => {
  it('is said to let in nobody knows how many strangers, and by which distance it decides', () => {
    expect(describeUncalibrated('nn4.small2', 0.7)).toBe(
      'The encoder is nn4.small2, which nobody calibrated: a distance of 0.7 decides, and nobody knows how many strangers it lets in. ' +
        '"npm run calibrate -- <folder of people>" measures that.',
    )
  })
})
