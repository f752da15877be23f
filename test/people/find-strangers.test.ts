import { describe, expect, it } from 'vitest'
import { distanceToPerson } from '../../src/encoding/metrics/metric.ts'
import { findStrangers, type ThresholdFor } from '../../src/people/find-strangers.ts'
import { fakeEncoding } from '../support/app/fake-engine.ts'

const metric = { kind: 'l2' } as const
const a = (offset: number) => fakeEncoding('a', offset)
const b = (offset: number) => fakeEncoding('b', offset)
const strangers = (
  known: Float32Array[],
  added: Float32Array[],
  thresholdFor: ThresholdFor = () => ({ threshold: 0.5, metric }),
) => [...findStrangers(known, added, thresholdFor)].sort()

describe('findStrangers among new photos', () => {
  it('asks nothing of a single photo, not even a threshold', () => {
    const noThreshold = () => {
      throw new Error('not needed')
    }
    expect(strangers([], [a(0)], noThreshold)).toEqual([])
    expect(strangers([], [], noThreshold)).toEqual([])
  })

  it('finds none when all are of one person', () => {
    expect(strangers([], [a(0), a(0.3), a(0.1)])).toEqual([])
  })

  it('takes a photo for theirs up to the threshold, which still matches', () => {
    const apart = distanceToPerson(metric, a(0.3), [a(0)])
    const upTo = (threshold: number) => () => ({ threshold, metric })
    expect(strangers([a(0)], [a(0.3)], upTo(apart))).toEqual([])
    expect(strangers([a(0)], [a(0.3)], upTo(apart - 1e-9))).toEqual([0])
  })

  it('finds the one that is of somebody else, wherever it stands', () => {
    expect(strangers([], [b(0), a(0.1), a(0.2)])).toEqual([0])
    expect(strangers([], [a(0.1), b(0), a(0.2)])).toEqual([1])
    expect(strangers([], [a(0.1), a(0.2), b(0)])).toEqual([2])
  })

  it('cannot tell which of two is right, and doubts both', () => {
    expect(strangers([], [a(0), b(0)])).toEqual([0, 1])
  })

  it('doubts all when no two match', () => {
    expect(strangers([], [a(0), a(1), a(2)])).toEqual([0, 1, 2])
  })

  it('is led to a photo that is far from most by one between', () => {
    expect(strangers([], [a(0), a(-0.56), a(0.02), a(0.04)])).toEqual([1])
    expect(strangers([], [a(0), a(-0.56), a(0.02), a(-0.45), a(0.04)])).toEqual([])
  })

  it('compares with the mean of what belongs, not with the nearest of it', () => {
    expect(strangers([], [a(0), a(1.2), a(0.4), a(0.8)])).toEqual([1, 3])
  })

  it('does not take two pairs for one person', () => {
    expect(strangers([], [a(0), b(0), a(0.1), b(0.1)])).toHaveLength(2)
  })

  it('takes a distance that cannot be measured for a stranger', () => {
    expect(strangers([], [a(0), a(0.1), a(Number.NaN)])).toEqual([2])
  })
})

describe('findStrangers beside known photos', () => {
  it('compares with those, however well the new ones go together', () => {
    expect(strangers([a(0)], [b(0), b(0.1), b(0.2)])).toEqual([0, 1, 2])
    expect(strangers([a(0)], [b(0), a(0.2)])).toEqual([0])
  })

  it('lets a new photo lead to another', () => {
    expect(strangers([a(0)], [a(0.6)])).toEqual([0])
    expect(strangers([a(0)], [a(0.6), a(0.4)])).toEqual([])
  })
})

describe('the threshold', () => {
  it('is that for as many photos as are compared with, a repeated one counted once', () => {
    const counts: number[] = []
    strangers([a(0), a(0.1)], [a(0.1), a(0.2), a(0.35)], (count) => {
      counts.push(count)
      return { threshold: 0.5, metric }
    })
    expect(counts).toEqual([2, 2, 3])
  })
})
