import { describe, expect, it } from 'vitest'
import { liftDark } from '../../src/encoder/lift-dark.ts'
import { faultOf } from '../../src/gate/judge-face.ts'
import { fakeMeasures } from '../support/app/fake-engine.ts'

function lifted(values: readonly number[], brightness: number): number[] {
  const chip = Float32Array.from(values)
  const light = liftDark(chip, brightness)
  expect([...chip]).toEqual(values)
  return [...light]
}

describe('liftDark', () => {
  it('raises a dark face to one brightness, however dark it was', () => {
    expect(lifted([4, 8, 12], 0.05)).toEqual([16, 32, 48])
    expect(lifted([2, 4, 6], 0.025)).toEqual([16, 32, 48])
  })

  it('changes no face that may be enrolled', () => {
    const chip = Float32Array.of(20, 30, 40)
    for (let brightness = 0.001; brightness < 1; brightness += 0.001) {
      if (liftDark(chip, brightness) === chip) continue
      expect(faultOf({ ...fakeMeasures, brightness }, 'enrollment')?.code).toBe('face_too_dark')
    }
  })

  it('goes no higher than white', () => {
    expect(lifted([4, 200], 0.05)).toEqual([16, 255])
  })

  it.each([0.1, 0.5, 1])('gives a face of brightness %d as it is, without a copy', (brightness) => {
    const chip = Float32Array.of(20, 30, 40)
    expect(liftDark(chip, brightness)).toBe(chip)
  })

  it.each([0, Number.NaN])('leaves a face of brightness %d to the gate', (brightness) => {
    expect(lifted([0, 0, 3], brightness)).toEqual([0, 0, 3])
  })
})
