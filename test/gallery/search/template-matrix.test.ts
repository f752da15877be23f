import { describe, expect, it } from 'vitest'
import { unitVector } from '../../../src/encoding/direction.ts'
import { distance } from '../../../src/encoding/distance.ts'
import { toInt8 } from '../../../src/encoding/int8-encoding.ts'
import {
  createTemplateMatrix,
  type TemplateMatrix,
} from '../../../src/gallery/search/template-matrix.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'
import { galleryKernel } from '../../support/networks/gallery-kernel.ts'
import { randomNumbers } from '../../support/random.ts'

const everywhere = Number.MAX_VALUE

function matrixOf(people: ReadonlyMap<string, Float32Array>): TemplateMatrix {
  const matrix = createTemplateMatrix(galleryKernel, 128)
  for (const [identity, template] of people) matrix.put(identity, 1, toInt8(template))
  return matrix
}

/** 600 people: more rows than a new matrix has room for, twice over. */
function crowd(): Map<string, Float32Array> {
  return new Map(
    Array.from({ length: 600 }, (_, person) => [
      `person-${person}`,
      unitVector(randomNumbers(128, person + 1)),
    ]),
  )
}

describe('the scan', () => {
  const people = crowd()
  const matrix = matrixOf(people)
  const probes = Array.from({ length: 20 }, (_, i) => unitVector(randomNumbers(128, 100_000 + i)))

  it('counts people', () => {
    expect(matrix.people).toBe(600)
  })

  it('gives everybody once, never farther than they are and not much nearer', () => {
    for (const probe of probes) {
      const candidates = matrix.scan(probe, { maxDistance: everywhere, rows: 'as they are' })
      expect(candidates.map(({ identity }) => identity).sort()).toEqual([...people.keys()].sort())
      for (const { identity, atLeast } of candidates) {
        const exact = distance(probe, people.get(identity)!)
        expect(atLeast).toBeLessThanOrEqual(exact)
        expect(exact - atLeast).toBeLessThan(0.02)
      }
    }
  })

  it('misses nobody within reach', () => {
    for (const probe of probes) {
      const exact = [...people].map(
        ([identity, template]) => [identity, distance(probe, template)] as const,
      )
      const reach = exact.map(([, distance]) => distance).sort((a, b) => a - b)[10]!
      const candidates = matrix
        .scan(probe, { maxDistance: reach, rows: 'as they are' })
        .map(({ identity }) => identity)
      for (const [identity, distance] of exact) {
        if (distance <= reach) expect(candidates).toContain(identity)
      }
      expect(candidates.length).toBeLessThan(100)
    }
  })

  it('puts the most promising first', () => {
    const bounds = matrix
      .scan(probes[0]!, { maxDistance: everywhere, rows: 'as they are' })
      .map(({ atLeast }) => atLeast)
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b))
  })

  it('finds a template at a distance of 0 of itself', () => {
    const template = people.get('person-42')!
    expect(matrix.scan(template, { maxDistance: 0, rows: 'as they are' })[0]).toEqual({
      identity: 'person-42',
      atLeast: 0,
    })
  })
})

describe('people', () => {
  const probe = fakeEncoding('a', 0.1)
  const found = (matrix: TemplateMatrix) =>
    matrix.scan(probe, { maxDistance: 0.5, rows: 'as they are' }).map(({ identity }) => identity)

  it('are nobody in an empty matrix', () => {
    const matrix = createTemplateMatrix(galleryKernel, 128)
    expect([matrix.people, found(matrix)]).toEqual([0, []])
  })

  it('appear once, however often they are put', () => {
    const matrix = createTemplateMatrix(galleryKernel, 128)
    for (let i = 0; i < 10; i++) matrix.put('a', 1, toInt8(fakeEncoding('a', i / 100)))
    expect(found(matrix)).toEqual(['a'])
    expect(matrix.people).toBe(1)
  })

  it('are where they were put last, and the next in the matrix stay where they are', () => {
    const matrix = matrixOf(
      new Map([
        ['moved', fakeEncoding('a')],
        ['kept', fakeEncoding('a', 0.2)],
      ]),
    )
    matrix.put('moved', 1, toInt8(fakeEncoding('b')))
    expect(found(matrix)).toEqual(['kept'])
    expect(matrix.scan(fakeEncoding('b'), { maxDistance: 0.1, rows: 'as they are' })).toMatchObject(
      [{ identity: 'moved' }],
    )
  })

  it('are gone when removed, and only they', () => {
    const matrix = matrixOf(
      new Map([
        ['a', fakeEncoding('a')],
        ['twin', fakeEncoding('a')],
      ]),
    )
    matrix.remove('a')
    matrix.remove('nobody')
    expect(found(matrix)).toEqual(['twin'])
    expect(matrix.people).toBe(1)
  })

  it('keep their own face and version when another row is removed and the last takes its place', () => {
    const matrix = createTemplateMatrix(galleryKernel, 128)
    const faces = new Map(['a', 'b', 'c'].map((name) => [name, fakeEncoding(name)] as const))
    for (const [i, [name, face]] of [...faces].entries()) matrix.put(name, i + 1, toInt8(face))
    matrix.remove('a')
    const near = (face: Float32Array) =>
      matrix.scan(face, { maxDistance: 0.1, rows: 'as they are' }).map(({ identity }) => identity)
    expect([...faces.values()].map(near)).toEqual([[], ['b'], ['c']])
    expect([...faces.keys()].map(matrix.versionOf)).toEqual([undefined, 2, 3])
  })

  it('are as put last when they come back', () => {
    const matrix = matrixOf(new Map([['a', fakeEncoding('a')]]))
    matrix.remove('a')
    matrix.put('a', 1, toInt8(fakeEncoding('b')))
    expect(found(matrix)).toEqual([])
    expect(matrix.scan(fakeEncoding('b'), { maxDistance: 0.1, rows: 'as they are' })).toMatchObject(
      [{ identity: 'a' }],
    )
    expect(matrix.people).toBe(1)
  })

  it('without a direction are never found', () => {
    const matrix = matrixOf(new Map([['a', new Float32Array(128).fill(Number.NaN)]]))
    expect(
      matrix.scan(fakeEncoding('a'), { maxDistance: everywhere, rows: 'as they are' }),
    ).toEqual([])
  })

  it('may be called like a property of every object', () => {
    const matrix = matrixOf(new Map([['__proto__', fakeEncoding('a')]]))
    expect(found(matrix)).toEqual(['__proto__'])
  })
})

describe('a sample', () => {
  const few = new Map([...crowd()].slice(0, 5))
  const nearest = (template: Float32Array): string =>
    [...few]
      .map(([identity, other]) => ({ identity, apart: distance(template, other) }))
      .sort((a, b) => a.apart - b.apart)[0]!.identity

  it('has the templates of those who have been there longest, without the one left out', () => {
    const matrix = matrixOf(few)
    expect(matrix.sample(3, 'person-1').map(nearest)).toEqual(['person-0', 'person-2', 'person-3'])
    expect(matrix.sample(32, 'nobody').map(nearest)).toEqual([...few.keys()])
  })

  it('is as exact as a byte for each number', () => {
    const [template] = matrixOf(few).sample(1, 'nobody')
    expect(distance(template!, few.get('person-0')!)).toBeLessThan(0.02)
  })

  it('has nobody who was removed', () => {
    const matrix = matrixOf(few)
    matrix.remove('person-0')
    expect(matrix.sample(32, 'nobody').map(nearest).sort()).toEqual(
      [...few.keys()].filter((identity) => identity !== 'person-0'),
    )
  })
})
