import { describe, expect, it } from 'vitest'
import { maxEncodings } from '../../../src/identity/record.ts'
import { maxLineBytes, parseLine } from '../../../src/people/lines/parse-people-line.ts'
import { formatPerson } from '../../../src/people/lines/people-lines.ts'
import { randomNumbers } from '../../support/random.ts'

const modelOf = (letter: string) => `${letter.repeat(32)}@0123abcd`
const encodings = (length: number) =>
  Array.from({ length: maxEncodings }, (_, i) => randomNumbers(length, i + 1))
const at = '2026-11-24T03:33:00.000Z'

describe('the line of a person', () => {
  it('is no longer than a line may be, whoever it is', () => {
    const line = formatPerson({
      identity: 'x'.repeat(128),
      name: '☕'.repeat(100),
      model: modelOf('a'),
      encodings: encodings(1024),
      other: { model: modelOf('b'), encodings: encodings(1024) },
      createdAt: at,
      updatedAt: at,
      expiresAt: at,
    })
    const bytes = new TextEncoder().encode(line.trimEnd())
    expect(bytes.length).toBeLessThan(maxLineBytes)
    expect(parseLine(bytes)).toMatchObject({ kind: 'person', person: { model: modelOf('a') } })
  })

  it('is read back with how suspect the photos of either network are', () => {
    const line = formatPerson({
      identity: 'ada',
      model: modelOf('a'),
      encodings: encodings(128),
      suspicion: 0.25,
      other: { model: modelOf('b'), encodings: encodings(128), suspicion: 0 },
    })
    expect(parseLine(new TextEncoder().encode(line))).toMatchObject({
      person: { suspicion: 0.25, other: { suspicion: 0 } },
    })
  })

  it.each([1.5, -1, '0', null])('is refused with photos that are suspect by %j', (suspicion) => {
    const line = formatPerson({ identity: 'ada', model: modelOf('a'), encodings: encodings(128) })
    const changed = JSON.stringify({ ...JSON.parse(line), suspicion })
    expect(parseLine(new TextEncoder().encode(changed))).toMatchObject({
      kind: 'malformed',
      detail: 'field "suspicion": expected a number from 0 to 1',
    })
  })

  it('is refused with encodings of different lengths', () => {
    const mixed = [randomNumbers(128, 1), randomNumbers(64, 1)]
    const line = formatPerson({ identity: 'ada', model: modelOf('a'), encodings: mixed })
    expect(parseLine(new TextEncoder().encode(line))).toMatchObject({
      kind: 'malformed',
      identity: 'ada',
      detail: 'field "encodings": the encodings are of different lengths',
    })
  })

  it('is read back with a name that is no longer given to anybody', () => {
    const name = 'Ada\u2028\u2066Bea\u2069'
    const line = formatPerson({
      identity: 'ada',
      name,
      model: modelOf('a'),
      encodings: encodings(128),
    })
    expect(parseLine(new TextEncoder().encode(line))).toMatchObject({
      kind: 'person',
      person: { identity: 'ada', name },
    })
  })
})
