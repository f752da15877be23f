import { describe, expect, it } from 'vitest'
import {
  countDoubts,
  type Half,
  rightPeopleByWay,
  type SpoiltProbe,
} from '../../../condition/spoilt/count-doubts.ts'

const probe = (
  person: string,
  way: number,
  own: number,
  others: readonly number[],
  isInDoubt = true,
): SpoiltProbe => ({ person, way, isInDoubt, own, others: Float32Array.from(others) })

const half = (...probes: SpoiltProbe[]): Half => ({
  probes,
  thresholds: [
    { fmr: 0.01, threshold: 1 },
    { fmr: 0.001, threshold: 0.5 },
  ],
})

describe('probes in doubt', () => {
  const [rates] = countDoubts([
    half(
      probe('ada', 1, 0.89, [Number.NaN, 0.95, 0.8, 2]),
      probe('ada', 2, 0.91, [Number.NaN, 2, 2, 0.89]),
      probe('bea', 1, 0.1, [1.1, Number.NaN, 2, 2]),
    ),
    half(probe('cleo', 2, Number.NaN, [0.95, 2])),
  ])

  it('match strangers at the stricter threshold, in pairs of all halves', () => {
    expect(rates).toMatchObject({ fmr: 0.01, strangers: 2 / 11, strangersAtFull: 4 / 11 })
  })

  it('are counted by way and by probe too', () => {
    expect(rates!.strangersOfWorstWay).toBeCloseTo(1 / 5, 9)
    expect(rates!.strangersOfWorstWayAtFull).toBeCloseTo(2 / 5, 9)
    expect(rates!.strangersOfWorstProbe).toBeCloseTo(1 / 3, 9)
  })

  it('refuse the right person just beyond it, and where nothing can be measured', () => {
    expect(rates!.refused).toBe(2 / 4)
  })

  it('are held at every rate to a threshold of its own', () => {
    const [, rarer] = countDoubts([half(probe('ada', 1, 0.45, [0.449, 0.451]))])
    expect(rarer).toMatchObject({ fmr: 0.001, strangers: 1 / 2, refused: 0 })
  })
})

describe('somebody who tries a photo in every way', () => {
  const [{ byTrying } = { byTrying: null }] = countDoubts([
    half(
      probe('ada', 0, 0.1, [Number.NaN, 0.99, 2, 2, 2], false),
      probe('ada', 1, 0.1, [Number.NaN, 0.85, 0.85, 0.95, 2]),
      probe('ada', 2, 0.1, [Number.NaN, 2, 2, 2, 2]),
    ),
  ])

  it('counts once a stranger, at the threshold of each photo', () => {
    expect(byTrying!.asIs).toBe(2 / 4)
    expect(byTrying!.full).toBe(3 / 4)
  })

  it('has the sound photos alone where those in doubt are refused', () => {
    expect(byTrying!.refused).toBe(1 / 4)
  })
})

describe('right people', () => {
  it('match by sound photos and by doubtful ones, counted by way', () => {
    const matched = rightPeopleByWay(
      [
        half(
          probe('ada', 1, 0.46, []),
          probe('bea', 1, 0.44, []),
          probe('cleo', 1, 0.49, [], false),
          probe('cleo', 2, 0.51, [], false),
        ),
      ],
      0.001,
    )
    expect([...matched]).toEqual([[1, { sound: 1, doubted: 1 }]])
  })
})
