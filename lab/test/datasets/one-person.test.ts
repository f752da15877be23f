import { describe, expect, it } from 'vitest'
import { asOnePerson, readOnePerson } from '../../datasets/one-person.ts'

describe('people under two names', () => {
  it('are read as groups of names', () => {
    expect(readOnePerson('A=B,C=D=E')).toEqual([
      ['A', 'B'],
      ['C', 'D', 'E'],
    ])
    for (const text of ['', 'A', 'A=', 'A=B,C', '=B']) expect(readOnePerson(text)).toBeUndefined()
  })

  it('have all their photos under the last name of their group, and nobody else has', () => {
    const photos = ['A', 'B', 'X'].map((person) => ({ person, file: `${person}.jpg` }))
    expect(asOnePerson(photos, [['A', 'B']]).map(({ person }) => person)).toEqual(['B', 'B', 'X'])
    expect(asOnePerson(photos, [])).toEqual(photos)
  })
})
