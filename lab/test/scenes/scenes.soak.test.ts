/** The pipeline holds what docs/accuracy.md says of photos as phones take them, on the sample people. */
import { beforeAll, describe, expect, it } from 'vitest'
import { runScenes, type SceneResults } from '../../scenes/measure-scenes.ts'

/** Scenes of each kind: one in 40 may go wrong. */
const count = 40

let results: SceneResults
beforeAll(async () => {
  results = await runScenes({ count, seed: 5 })
}, 1_200_000)

describe('scenes of the sample people', () => {
  it.each(['upright', 'turned', 'tilted'])('a face matches its own photo: %s', (kind) => {
    const wrong = results.singles.get(kind)!.filter(({ outcome }) => outcome !== 'matched')
    expect(wrong.map(({ outcome, scene }) => `${outcome} ${scene.seed}`).length).toBeLessThan(2)
  })

  it('a spoilt photo matches its own, or says what is wrong with it', () => {
    const outcomes = results.singles.get('spoilt')!.map(({ outcome }) => outcome)
    const silent = ['no_match', 'no_face', 'elsewhere', 'multiple_faces']
    expect(outcomes.filter((outcome) => silent.includes(outcome)).length).toBeLessThan(3)
  })

  it.each([
    ['upright', 0.96],
    ['turned', 0.96],
    ['tilted', 0.96],
    ['spoilt', 0.9],
  ] as const)('everybody is found: %s, but for a share', (kind, least) => {
    const scenes = results.groups.get(kind)!
    const sum = (value: (result: (typeof scenes)[number]) => number) =>
      scenes.reduce((total, result) => total + value(result), 0)
    const people = sum(({ scene }) => scene.people.length)
    expect(sum(({ found }) => found)).toBeGreaterThanOrEqual(least * people)
    expect(sum(({ rightTurn }) => rightTurn)).toBeGreaterThanOrEqual(least * people)
    expect(sum(({ invented }) => invented)).toBeLessThanOrEqual(0.01 * people + 1)
  })

  it('nobody is seen where nobody is', () => {
    expect(results.empty.filter(({ invented }) => invented > 0).length).toBeLessThan(2)
  })
})
