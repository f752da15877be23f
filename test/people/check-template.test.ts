import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { createThresholds } from '../../src/decision/thresholds.ts'
import { requireTemplate } from '../../src/people/check-template.ts'

/** The table that ships, whose faces are about 1.43 long. */
const table = readCalibrationTable()
const thresholds = createThresholds(() => table)
const { model } = table.calibrations[0]!
const foreign = 'other-network@00000000'

const random = new SeededRandom(5, 'faces')
const direction = Float32Array.from({ length: 128 }, () => random.normal())
const scaled = (length: number, of = direction) =>
  of.map((value) => (value * length) / Math.hypot(...of))
const near = scaled(
  1.4,
  direction.map((value) => value + 0.1 * random.normal()),
)
const stranger = scaled(
  1.4,
  Float32Array.from({ length: 128 }, () => random.normal()),
)

function check(encodings: readonly Float32Array[], of = model) {
  return () => requireTemplate({ model: of, encodings }, thresholds)
}

describe('encodings that are a template', () => {
  it.each([
    ['one', [scaled(1.4)]],
    ['two of one person', [scaled(1.4), near]],
    ['of the lengths that faces have', [scaled(1.18), scaled(1.67)]],
  ])('%s', (_, encodings) => {
    expect(check(encodings)).not.toThrow()
  })

  it('of a network that nobody measured may have another length', () => {
    expect(check([scaled(20)], foreign)).not.toThrow()
    expect(check([scaled(0.01)], foreign)).not.toThrow()
  })
})

describe('refused by their length', () => {
  it.each([
    ['denormal', scaled(1e-40), model],
    ['too short', scaled(0.7), model],
    ['too long', scaled(2.9), model],
    ['huge', scaled(1e20), model],
    ['denormal, of any network', scaled(1e-40), foreign],
    ['huge, of any network', scaled(1e20), foreign],
  ])('is one that is %s', (_, encoding, of) => {
    expect(check([scaled(1.4), encoding], of)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringMatching(/^field "encodings": encoding 2 has the length/),
      }),
    )
  })
})

describe('photos_differ', () => {
  it.each([model, foreign])(
    'are not those that cancel each other out: those are refused as none',
    (of) => {
      expect(check([scaled(1.4), opposite], of)).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: 'field "encodings": the encodings cancel each other out',
        }),
      )
    },
  )

  const opposite = scaled(
    1.4,
    direction.map((value) => -value),
  )
  it.each([
    ['of two people', [scaled(1.4), stranger], model],
    ['of one person with one photo of another among them', [scaled(1.4), near, stranger], model],
  ])('are those that are %s', (_, encodings, of) => {
    expect(check(encodings, of)).toThrow(expect.objectContaining({ code: 'photos_differ' }))
  })
})
