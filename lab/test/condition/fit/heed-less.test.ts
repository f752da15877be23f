import { describe, expect, it } from 'vitest'
import { heedLess } from '../../../condition/fit/heed-less.ts'
import { type LinearHead, scoreOf } from '../../../condition/fit/linear-head.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'

const random = new SeededRandom(7, 'pictures')
/** What tells the kind shows in the first two numbers; the second also changes with what says nothing of it, and the third says nothing. */
const picture = (kind: number): Float32Array =>
  Float32Array.of(kind + random.normal(), kind + random.normal(), random.normal())
const known = {
  ordinary: Array.from({ length: 300 }, () => picture(0)),
  ofKind: Array.from({ length: 200 }, () => picture(3)),
}
const changes = Array.from({ length: 200 }, () => Float32Array.of(0, 12 * random.normal(), 0))
const head: LinearHead = { weights: Float64Array.of(1, 1, 0.2), bias: -3 }

const mean = (of: LinearHead, pictures: readonly Float32Array[]): number =>
  pictures.reduce((sum, features) => sum + scoreOf(of, features), 0) / pictures.length

describe('heedLess', () => {
  const less = heedLess(head, known, changes)

  it('is moved less by the changes', () => {
    const moves = (of: LinearHead) =>
      changes.reduce((sum, change) => sum + (scoreOf(of, change) - of.bias) ** 2, 0)
    expect(moves(less)).toBeLessThan(0.2 * moves(head))
  })

  it('still tells the kind by what does not change', () => {
    const right = (of: LinearHead, pictures: readonly Float32Array[], isKind: boolean) =>
      pictures.filter((features) => scoreOf(of, features) > 0 === isKind).length / pictures.length
    expect(right(less, known.ordinary, false)).toBeGreaterThan(0.85)
    expect(right(less, known.ofKind, true)).toBeGreaterThan(0.85)
  })

  it('keeps the mean scores of ordinary pictures and of the kind', () => {
    expect(mean(less, known.ordinary)).toBeCloseTo(mean(head, known.ordinary), 5)
    expect(mean(less, known.ofKind)).toBeCloseTo(mean(head, known.ofKind), 5)
  })

  it('is the head itself where nothing changes', () => {
    const same = heedLess(head, known, [Float32Array.of(0, 0, 0)])
    for (const [i, weight] of head.weights.entries()) expect(same.weights[i]).toBeCloseTo(weight, 6)
    expect(same.bias).toBeCloseTo(head.bias, 6)
  })
})
