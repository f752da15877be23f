import { describe, expect, it } from 'vitest'
import { compareSets, dealPeople, placeDealt } from '../../../accuracy/fit/deal-people.ts'
import type { LabelledFace } from '../../../accuracy/fit/fit-cohort.ts'
import { fitMetric } from '../../../accuracy/fit/fit-metric.ts'
import { makePeople } from './made-up-people.ts'

const faces = makePeople({ lonely: 60, crowd: 0, photosEach: 2, seed: 4 })
const people = [...new Set(faces.map(({ person }) => person))].sort()
const number = (person: string): number => people.indexOf(person)
const draw = 3
const dealt = dealPeople(faces, people, 'l2-cohort', draw)

const peopleOf = (some: readonly LabelledFace[]) => [...new Set(some.map(({ person }) => person))]

describe('dealPeople', () => {
  it('deals everybody into one of five groups of one size', () => {
    expect(dealt.groups.map(({ own }) => peopleOf(own).length)).toEqual([12, 12, 12, 12, 12])
    expect(dealt.groups.flatMap(({ own }) => peopleOf(own)).sort()).toEqual(people)
  })

  it('sets every group beside every other, each enrolled in turn', () => {
    const besides = dealt.across.map(
      ({ enrolled, probes }) => `${enrolled[0]!.person} ${probes[0]!.person}`,
    )
    expect(new Set(besides).size).toBe(20)
    expect(dealt.across).toHaveLength(20)
  })

  it('no metric saw anybody whom it compares', () => {
    const sets = [
      ...dealt.groups.map(({ own, metric }) => ({ seen: own, metric })),
      ...dealt.across.map(({ enrolled, probes, metric }) => ({
        seen: [...enrolled, ...probes],
        metric,
      })),
    ]
    for (const { seen, metric } of sets) {
      const others = faces.filter((face) => !seen.includes(face))
      expect(metric).toEqual(fitMetric(others, 'l2-cohort', 0, draw))
    }
  })

  it('is one group where the metric has nothing to fit', () => {
    const { groups, across } = dealPeople(faces, people, 'l2', draw)
    expect(groups).toEqual([{ own: faces, metric: { kind: 'l2' } }])
    expect(across).toEqual([])
  })
})

describe('compareSets', () => {
  const sets = placeDealt(dealt, 2, number)

  it('compares every template with every probe of everybody else once', () => {
    expect(compareSets(sets, 1, number).impostors.pairs).toBe(120 * 118)
    expect(compareSets(sets, 2, number).impostors.pairs).toBe(60 * 118)
  })

  it('compares the photos of one person both ways, and none with a template that it is part of', () => {
    expect(compareSets(sets, 1, number).genuine).toHaveLength(60 * 2)
    expect(compareSets(sets, 2, number).genuine).toEqual([])
  })

  it('in metrics in which crowding counts as given', () => {
    for (const { metric } of sets) expect(metric).toMatchObject({ cohort: { weight: 2 } })
  })
})
