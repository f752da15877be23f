import { describe, expect, it } from 'vitest'
import type { SeenFace } from '../../../src/decision/look-twice.ts'
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
const shifted = (face: Float32Array, by: number): Float32Array =>
  face.map((value, i) => (i === 0 ? value + by : value))
const seen = (encoding: Float32Array): SeenFace => ({ encoding })
const moved = (face: Float32Array, by: number): SeenFace => seen(shifted(face, by))
/** Of two looks, by how far each is away. */
const seenTwice = (face: Float32Array, first: number, second: number): SeenFace => ({
  ...moved(face, first),
  lookAgain: () => shifted(face, second),
})

describe('verifyAtDoor', () => {
  it('opens to a face within the threshold, and not beyond', async () => {
    expect(await verifyAtDoor(door, 'ada', moved(ada, 0.49))).toMatchObject({ decision: 'match' })
    const refused = await verifyAtDoor(door, 'ada', moved(ada, 0.51))
    expect(refused.decision).toBe('no_match')
    expect(refused.distance).toBeCloseTo(0.51, 5)
  })

  it('stays closed to a face that is clearly nearer to somebody else in the house', async () => {
    const twins: Door = { ...door, people: new Map([...door.people, ['eve', [shifted(ada, 0.4)]]]) }
    expect(await verifyAtDoor(twins, 'ada', moved(ada, 0.4))).toMatchObject({
      decision: 'no_match',
      isNearerToAnother: true,
    })
  })

  it('opens at a second look that is near enough, and tells the nearer one of two that are not', async () => {
    expect(await verifyAtDoor(door, 'ada', seenTwice(ada, 0.55, 0.45))).toMatchObject({
      decision: 'match',
    })
    const refused = await verifyAtDoor(door, 'ada', seenTwice(ada, 0.55, 0.7))
    expect(refused.decision).toBe('no_match')
    expect(refused.distance).toBeCloseTo(0.55, 5)
  })

  it('stays closed to what is no encoding', async () => {
    const broken = new Float32Array(128).fill(Number.NaN)
    expect(await verifyAtDoor(door, 'ada', seen(broken))).toMatchObject({ decision: 'no_match' })
  })

  it('knows nobody who is not enrolled, and decides nothing without a threshold', async () => {
    await expect(verifyAtDoor(door, 'cleo', seen(ada))).rejects.toMatchObject({
      code: 'identity_not_found',
    })
    const thresholds = createThresholds(() => ({ format: 2, calibrations: [] }))
    await expect(verifyAtDoor({ ...door, thresholds }, 'ada', seen(ada))).rejects.toMatchObject({
      code: 'not_configured',
    })
  })
})

describe('recognizeAtDoor', () => {
  it('finds at a second look whom the first did not find', () => {
    expect(recognizeAtDoor(door, seenTwice(bea, 0.6, 0.3))).toMatchObject({
      decision: 'match',
      ranked: [{ identity: 'bea' }, {}],
    })
  })

  it('finds the nearest person, nobody beyond the threshold, and says when two are about as near', () => {
    const found = recognizeAtDoor(door, moved(bea, 0.1))
    expect(found.decision).toBe('match')
    expect(found.ranked.map(({ identity }) => identity)).toEqual(['bea', 'ada'])
    expect(recognizeAtDoor(door, moved(bea, 0.6)).decision).toBe('no_match')
    const twins: Door = {
      ...door,
      people: new Map([...door.people, ['eve', [shifted(ada, 0.01)]]]),
    }
    expect(recognizeAtDoor(twins, seen(ada)).decision).toBe('ambiguous')
  })

  it('is closed where nobody is enrolled', () => {
    expect(recognizeAtDoor({ ...door, people: new Map() }, seen(ada)).decision).toBe('no_match')
  })
})
