import { describe, expect, it } from 'vitest'
import { toInt8 } from '../../src/gallery/int8-encoding.ts'
import { createMatrix, type EncodingMatrix } from '../../src/gallery/matrix.ts'
import { nearestDistance } from '../../src/identity/compare.ts'
import { fakeEncoding } from '../support/fake-engine.ts'
import { randomNumbers, seededRandom } from '../support/random.ts'

const everywhere = Number.MAX_VALUE

function matrixOf(people: ReadonlyMap<string, readonly Float32Array[]>): EncodingMatrix {
  const matrix = createMatrix()
  for (const [identity, encodings] of people) matrix.add(identity, encodings.map(toInt8))
  return matrix
}

/** 600 people of one to three encodings: more rows than a new matrix has room for. */
function crowd(): Map<string, Float32Array[]> {
  const random = seededRandom(7)
  return new Map(
    Array.from({ length: 600 }, (_, person) => [
      `person-${person}`,
      Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) =>
        randomNumbers(128, person * 10 + i + 1).map((value) => value / 10),
      ),
    ]),
  )
}

describe('the scan', () => {
  const people = crowd()
  const matrix = matrixOf(people)
  const probes = Array.from({ length: 20 }, (_, i) =>
    randomNumbers(128, 100_000 + i).map((value) => value / 10),
  )

  it('counts people and their encodings', () => {
    expect(matrix.people).toBe(600)
    expect(matrix.encodings).toBe([...people.values()].flat().length)
    expect(matrix.encodings).toBeGreaterThan(1000)
  })

  it('gives everybody once, never farther than they are and not much nearer', () => {
    for (const probe of probes) {
      const candidates = matrix.scan(probe, everywhere)
      expect(candidates.map(({ identity }) => identity).sort()).toEqual([...people.keys()].sort())
      for (const { identity, atLeast } of candidates) {
        const exact = nearestDistance(probe, people.get(identity)!)
        expect(atLeast).toBeLessThanOrEqual(exact)
        expect(exact - atLeast).toBeLessThan(0.02)
      }
    }
  })

  it('misses nobody within reach', () => {
    for (const probe of probes) {
      const exact = [...people].map(
        ([identity, encodings]) => [identity, nearestDistance(probe, encodings)] as const,
      )
      const reach = exact.map(([, distance]) => distance).sort((a, b) => a - b)[10]!
      const candidates = matrix.scan(probe, reach).map(({ identity }) => identity)
      for (const [identity, distance] of exact) {
        if (distance <= reach) expect(candidates).toContain(identity)
      }
      expect(candidates.length).toBeLessThan(100)
    }
  })

  it('puts the most promising first', () => {
    const bounds = matrix.scan(probes[0]!, everywhere).map(({ atLeast }) => atLeast)
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b))
  })

  it('finds an encoding at a distance of 0 of itself', () => {
    const [encoding] = people.get('person-42')!
    expect(matrix.scan(encoding!, 0)[0]).toEqual({ identity: 'person-42', atLeast: 0 })
  })
})

describe('people', () => {
  const probe = fakeEncoding('a', 0.1)
  const found = (matrix: EncodingMatrix) => matrix.scan(probe, 0.5).map(({ identity }) => identity)

  it('are nobody in an empty matrix', () => {
    const matrix = createMatrix()
    expect([matrix.people, matrix.encodings, found(matrix)]).toEqual([0, 0, []])
  })

  it('appear once, however many encodings they have, and however those came', () => {
    const matrix = createMatrix()
    for (let i = 0; i < 10; i++) matrix.add('a', [toInt8(fakeEncoding('a', i / 100))])
    expect(found(matrix)).toEqual(['a'])
    expect([matrix.people, matrix.encodings]).toEqual([1, 10])
  })

  it('are gone when removed, and only they', () => {
    const matrix = matrixOf(
      new Map([
        ['a', [fakeEncoding('a'), fakeEncoding('a', 0.2)]],
        ['twin', [fakeEncoding('a')]],
      ]),
    )
    matrix.remove('a')
    matrix.remove('nobody')
    expect(found(matrix)).toEqual(['twin'])
    expect([matrix.people, matrix.encodings]).toEqual([1, 1])
  })

  it('are as added last when they come back', () => {
    const matrix = matrixOf(new Map([['a', [fakeEncoding('a')]]]))
    matrix.remove('a')
    matrix.add('a', [toInt8(fakeEncoding('b'))])
    expect(found(matrix)).toEqual([])
    expect(matrix.scan(fakeEncoding('b'), 0.1)).toMatchObject([{ identity: 'a' }])
    expect([matrix.people, matrix.encodings]).toEqual([1, 1])
  })

  it('may be called like a property of every object', () => {
    const matrix = matrixOf(new Map([['__proto__', [fakeEncoding('a')]]]))
    expect(found(matrix)).toEqual(['__proto__'])
  })
})
