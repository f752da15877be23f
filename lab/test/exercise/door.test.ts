import { describe, expect, it } from 'vitest'
import { createThresholds } from '../../../src/decision/thresholds.ts'
import { randomNumbers } from '../../../test/support/random.ts'
import { type Door, recognizeAtDoor, verifyAtDoor } from '../../exercise/door.ts'

const threshold = 0.5
const [ada, bea] = [randomNumbers(128, 1), randomNumbers(128, 2)]
const door: Door = {
  model: 'made-up@00000000',
  thresholds: createThresholds(() => ({ format: 2, calibrations: [] }), {
    uncalibrated: threshold,
  }),
  people: new Map([
    ['ada', [ada]],
    ['bea', [bea]],
  ]),
}
/** Away from a face by this distance. */
const moved = (face: Float32Array, by: number): Float32Array =>
  face.map((value, i) => (i === 0 ? value + by : value))

describe('verifyAtDoor', () => {
  it('opens to a face within the threshold, and not beyond', async () => {
    expect(await verifyAtDoor(door, 'ada', moved(ada, 0.49))).toMatchObject({ decision: 'match' })
    const refused = await verifyAtDoor(door, 'ada', moved(ada, 0.51))
    expect(refused.decision).toBe('no_match')
    expect(refused.distance).toBeCloseTo(0.51, 5)
  })

  it('stays closed to a face that is clearly nearer to somebody else in the house', async () => {
    const twins: Door = { ...door, people: new Map([...door.people, ['eve', [moved(ada, 0.4)]]]) }
    expect(await verifyAtDoor(twins, 'ada', moved(ada, 0.4))).toMatchObject({
      decision: 'no_match',
      isNearerToAnother: true,
    })
  })

  it('stays closed to what is no encoding', async () => {
    const broken = new Float32Array(128).fill(Number.NaN)
    expect(await verifyAtDoor(door, 'ada', broken)).toMatchObject({ decision: 'no_match' })
  })

  it('knows nobody who is not enrolled, and decides nothing without a threshold', async () => {
    await expect(verifyAtDoor(door, 'cleo', ada)).rejects.toMatchObject({
      code: 'identity_not_found',
    })
    const thresholds = createThresholds(() => ({ format: 2, calibrations: [] }))
    await expect(verifyAtDoor({ ...door, thresholds }, 'ada', ada)).rejects.toMatchObject({
      code: 'not_configured',
    })
  })
})

describe('recognizeAtDoor', () => {
  it('finds the nearest person, nobody beyond the threshold, and says when two are about as near', () => {
    const found = recognizeAtDoor(door, moved(bea, 0.1))
    expect(found.decision).toBe('match')
    expect(found.ranked.map(({ identity }) => identity)).toEqual(['bea', 'ada'])
    expect(recognizeAtDoor(door, moved(bea, 0.6)).decision).toBe('no_match')
    const twins: Door = { ...door, people: new Map([...door.people, ['eve', [moved(ada, 0.01)]]]) }
    expect(recognizeAtDoor(twins, ada).decision).toBe('ambiguous')
  })

  it('is closed where nobody is enrolled', () => {
    expect(recognizeAtDoor({ ...door, people: new Map() }, ada).decision).toBe('no_match')
  })
})
