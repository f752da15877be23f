import { describe, expect, it } from 'vitest'
import { createIdentityTable } from '../../../src/gallery/search/identity-table.ts'
import { seededRandom } from '../../support/random.ts'

describe('the table of identities', () => {
  it('is empty at first', () => {
    const table = createIdentityTable()
    expect([table.rows, table.find('a'), table.find('')]).toEqual([0, -1, -1])
  })

  it('tells identities apart that begin alike, or are called like a property', () => {
    const table = createIdentityTable()
    const identities = ['a', 'aa', 'ab', 'A', '__proto__', '.', 'x'.repeat(128), 'x'.repeat(127)]
    identities.forEach((identity, row) => {
      expect(table.add(identity)).toBe(row)
    })
    expect(identities.map(table.find)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(identities.map((_, row) => table.identityOf(row))).toEqual(identities)
    expect(table.find('aaa')).toBe(-1)
  })

  it('moves the last row to where one is removed', () => {
    const table = createIdentityTable()
    for (const identity of ['a', 'b', 'c']) table.add(identity)
    expect(table.remove(0)).toBe(2)
    expect([table.rows, table.find('a'), table.find('b'), table.find('c')]).toEqual([2, -1, 1, 0])
    expect(table.remove(1)).toBe(1)
    expect([table.rows, table.find('b'), table.identityOf(0)]).toEqual([1, -1, 'c'])
  })

  it('agrees with a Map over 60,000 random additions and removals', () => {
    const random = seededRandom(1)
    const table = createIdentityTable()
    const rows: string[] = []
    const rowOf = new Map<string, number>()
    for (let step = 0; step < 60_000; step++) {
      const identity = `person-${Math.floor(random() * 9000)}`
      const row = rowOf.get(identity)
      expect(table.find(identity)).toBe(row ?? -1)
      if (row === undefined) {
        rowOf.set(identity, rows.push(identity) - 1)
        table.add(identity)
      } else if (random() < 0.7) {
        const last = rows.pop()!
        rowOf.delete(identity)
        if (last !== identity) {
          rows[row] = last
          rowOf.set(last, row)
        }
        expect(table.remove(row)).toBe(rows.length)
      }
    }
    expect(rows.length).toBeGreaterThan(3000)
    expect(rows.map((_, row) => table.identityOf(row))).toEqual(rows)
  })

  it('gives back the room of removed identities', () => {
    const table = createIdentityTable()
    const long = (i: number): string => `${i}`.padStart(128, 'x')
    for (let i = 0; i < 1000; i++) table.add(long(i))
    const before = table.bytes
    for (let i = 1000; i < 40_000; i++) {
      table.remove(table.find(long(i - 1000)))
      table.add(long(i))
    }
    expect(table.bytes).toBeLessThan(before + 2 * 1_048_576)
    for (let i = 39_000; i < 40_000; i++) expect(table.find(long(i))).toBeGreaterThanOrEqual(0)
  })
})
