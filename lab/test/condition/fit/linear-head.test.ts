import { describe, expect, it } from 'vitest'
import { fitHead, scoreOf } from '../../../condition/fit/linear-head.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'

const random = new SeededRandom(4, 'examples')

/** Two numbers of other sizes and a third that says nothing; of the kind when the first two together are large. */
const examples = Array.from({ length: 400 }, () => {
  const [a, b] = [random.normal(), random.normal()]
  return {
    features: Float32Array.of(100 + 20 * a, 0.01 * b, random.normal()),
    isKind: a + b > 0.3,
    weight: 1,
  }
})

describe('fitHead', () => {
  const head = fitHead(examples)

  it('tells the kind from others by what tells it, whatever the size of the features', () => {
    const right = examples.filter(
      ({ features, isKind }) => scoreOf(head, features) > 0 === isKind,
    ).length
    expect(right / examples.length).toBeGreaterThan(0.95)
  })

  it('weighs a feature that says nothing least', () => {
    const [a, b, none] = head.weights
    expect(Math.abs(none!)).toBeLessThan(0.2 * Math.abs(a! * 20))
    expect(Math.abs(none!)).toBeLessThan(0.2 * Math.abs(b! * 0.01))
  })

  it('leaves out of account what weighs nothing', () => {
    const odd = examples.map(({ features }) => ({ features, isKind: false, weight: 0 }))
    const again = fitHead([...examples, ...odd])
    const differs = examples.filter(
      ({ features }) => scoreOf(again, features) > 0 !== scoreOf(head, features) > 0,
    ).length
    expect(differs / examples.length).toBeLessThan(0.03)
  })
})
