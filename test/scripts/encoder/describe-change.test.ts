import { describe, expect, it } from 'vitest'
import { describeChange } from '../../../scripts/encoder/describe-change.ts'

describe('another model', () => {
  it('needs no word where it is calibrated and runs already, or is the first', () => {
    expect(describeChange('net@1', 'net@1', true)).toEqual([])
    expect(describeChange(null, 'net@1', true)).toEqual([])
  })

  it('that nobody calibrated decides nothing, and what to do is said', () => {
    expect(describeChange(null, 'net@1', false)).toEqual([
      expect.stringMatching(/not_configured until "npm run calibrate -- <folder of people>" has/),
    ])
  })

  it('has people enrolled with the one before encoded anew', () => {
    expect(describeChange('net@1', 'net@2', true)).toEqual([
      expect.stringMatching(
        /^Encodings of net@1 are never compared with others\. .*\n"npm run reenroll -- images"/,
      ),
    ])
  })
})
