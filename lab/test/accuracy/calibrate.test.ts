import { describe, expect, it } from 'vitest'
import { inItsPlace } from '../../accuracy/calibrate.ts'

describe('the calibration of a model', () => {
  const of = (model: string, date: string) => ({ model, date })
  const known = [of('a@1', 'old'), of('b@1', 'old')]

  it('takes the place of the one before', () => {
    expect(inItsPlace(known, of('a@1', 'new'))).toEqual([of('a@1', 'new'), of('b@1', 'old')])
  })

  it('is the last one of a model that is new', () => {
    expect(inItsPlace(known, of('c@1', 'new'))).toEqual([...known, of('c@1', 'new')])
  })
})
