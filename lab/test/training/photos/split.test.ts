import { describe, expect, it } from 'vitest'
import { splitPhotos } from '../../../training/photos/split.ts'

const people = Array.from({ length: 40 }, (_, i) => `p${i % 10}`)
const names = people.map((person, i) => `${person}/${i}.jpg`)
const peopleAt = (photos: readonly number[]) => new Set(photos.map((photo) => people[photo]!))

describe('splitPhotos', () => {
  it('holds back a share of the people, with all their photos', () => {
    const { train, validation, test } = splitPhotos(names, people, { validation: 0.3, seed: 1 })
    expect(peopleAt(validation).size).toBe(3)
    expect(peopleAt(train).size).toBe(7)
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(names.map((_, i) => i))
    expect([...peopleAt(train)].filter((person) => peopleAt(validation).has(person))).toEqual([])
    expect(test).toEqual([])
  })

  it('is the same for the same seed, another for another', () => {
    const split = (seed: number) => splitPhotos(names, people, { validation: 0.3, seed })
    expect(split(1)).toEqual(split(1))
    expect(split(1)).not.toEqual(split(2))
  })

  it('holds back the people who are named, or nobody', () => {
    const named = splitPhotos(names, people, { validation: ['p3', 'p5'], seed: 1 })
    expect(peopleAt(named.validation)).toEqual(new Set(['p3', 'p5']))
    expect(splitPhotos(names, people, { validation: 0, seed: 1 }).validation).toEqual([])
  })

  it('holds back two people at least, and nobody of fewer than six', () => {
    const heldOf = (count: number, validation: number) => {
      const some = people.filter((person) => Number(person.slice(1)) < count)
      const split = splitPhotos(
        some.map((_, i) => `${i}`),
        some,
        { validation, seed: 1 },
      )
      return new Set(split.validation.map((photo) => some[photo])).size
    }
    expect(heldOf(10, 0.1)).toBe(2)
    expect(heldOf(6, 0.01)).toBe(2)
    expect(heldOf(5, 0.1)).toBe(0)
    expect(heldOf(5, 0.4)).toBe(2)
    expect(() => splitPhotos(names, people, { validation: ['p3'], seed: 1 })).toThrow(
      'p3 alone makes no pair of strangers, expected two or more people',
    )
  })

  const pair = (fold: number, left: number, right: number, same: boolean) => ({
    fold,
    left: names[left] ?? 'gone.jpg',
    right: names[right]!,
    same,
  })
  const folds = {
    pairs: [
      pair(1, 0, 10, true),
      pair(1, 1, 2, false),
      pair(2, 3, 13, true),
      // p3 is in the fold that is measured on, too.
      pair(3, 3, 4, false),
      pair(3, 5, 15, true),
      pair(3, 99, 6, false),
    ],
    train: [1, 2],
    test: [3],
  }

  it('learns from the people of the train folds only, and from nobody of a test fold', () => {
    const { train, test } = splitPhotos(names, people, { validation: 0, seed: 1, folds })
    expect(peopleAt(train)).toEqual(new Set(['p0', 'p1', 'p2']))
    expect(test).toEqual([
      { left: 3, right: 4, same: false },
      { left: 5, right: 15, same: true },
    ])
  })

  it('refuses a list that names none of the photos, and says how both are called', () => {
    const pairs = folds.pairs.map((listed) => ({ ...listed, left: 'x/1.jpg', right: 'x/2.jpg' }))
    expect(() =>
      splitPhotos(names, people, { validation: 0, seed: 1, folds: { ...folds, pairs } }),
    ).toThrow('none is there: it says x/1.jpg, the photos are called p0/0.jpg')
  })

  it('refuses a fold or a person that there is not, and an empty rest', () => {
    expect(() =>
      splitPhotos(names, people, { validation: 0, seed: 1, folds: { ...folds, test: [4] } }),
    ).toThrow('the list of pairs has no fold 4')
    expect(() => splitPhotos(names, people, { validation: ['zoe'], seed: 1 })).toThrow(
      'there are no photos of zoe',
    )
    expect(() => splitPhotos(names, people, { validation: [...new Set(people)], seed: 1 })).toThrow(
      'nobody is left to learn from',
    )
  })
})
