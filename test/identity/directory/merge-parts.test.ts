import { describe, expect, it } from 'vitest'
import { directoryParts, partOf } from '../../../src/identity/directory/directory-parts.ts'
import { mergeParts } from '../../../src/identity/directory/merge-parts.ts'

const row = (identity: string) => ({ identity })
const parts = (identities: readonly string[], part: (identity: string) => number = partOf) => {
  const sorted = [...identities].sort()
  const lists = Array.from({ length: directoryParts }, (_, i) =>
    sorted.filter((identity) => part(identity) === i),
  )
  let [calls, rows] = [0, 0]
  return {
    sorted,
    read: () => ({ calls, rows }),
    page: async (after: string, limit: number) => {
      const merged = await mergeParts({ after, limit }, async (i, page) => {
        const found = lists[i]!.filter((identity) => identity > page.after).slice(0, page.limit)
        calls++
        rows += found.length
        return found.map(row)
      })
      return merged.map(({ identity }) => identity)
    },
  }
}

async function walk(list: ReturnType<typeof parts>, limit: number): Promise<string[]> {
  const all: string[] = []
  for (let after = ''; ; after = all.at(-1)!) {
    const page = await list.page(after, limit)
    all.push(...page)
    if (page.length < limit) return all
  }
}

const people = Array.from({ length: 1000 }, (_, i) => `person-${i}`)

describe('a list over parts', () => {
  it.each([1, 2, 7, 8, 9, 100, 999, 1000, 1001])(
    'is whole and in order in pages of %i',
    async (n) => {
      const list = parts(people)
      expect(await walk(list, n)).toEqual(list.sorted)
    },
  )

  it.each([
    ['all in one part', () => 5],
    ['in runs, a part at a time', (identity: string) => identity.charCodeAt(7) % directoryParts],
    [
      'none but one in each other part',
      (id: string) => (/-[1-7]$/.test(id) ? Number(id.at(-1)) : 0),
    ],
  ])('is whole with people %s', async (_, part) => {
    const list = parts(people, part)
    expect(await walk(list, 64)).toEqual(list.sorted)
  })

  it('begins anywhere, at the last of one part too', async () => {
    const list = parts(people)
    for (const [i, identity] of list.sorted.entries()) {
      expect(await list.page(identity, 3)).toEqual(list.sorted.slice(i + 1, i + 4))
    }
  })

  it('reads few rows more than it gives', async () => {
    const list = parts(people)
    await walk(list, 100)
    expect(list.read().rows).toBeLessThan(people.length * 2.5)
    expect(list.read().calls).toBeLessThan(11 * directoryParts * 1.3)
  })

  it('fails as a whole when a part fails', async () => {
    const merged = mergeParts({ after: '', limit: 10 }, async (part) => {
      if (part === 6) throw new Error('the object is down')
      return [row('a')]
    })
    await expect(merged).rejects.toThrow('the object is down')
  })
})

describe('the part of an identity', () => {
  it.each([
    ['numbers', (i: number) => `${i}`],
    ['even numbers', (i: number) => `${i * 2}`],
    [
      'multiples of 64 with a prefix',
      (i: number) => `employee.${(i * 64).toString().padStart(8, '0')}`,
    ],
    ['hexadecimal digits', (i: number) => `user-${(i * 16).toString(16)}`],
    ['one letter again and again', (i: number) => 'a'.repeat(i + 1)],
  ])('is spread evenly over %s', (_, identityOf) => {
    const counts = new Array<number>(directoryParts).fill(0)
    for (let i = 0; i < 4000; i++) counts[partOf(identityOf(i))]!++
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100)
  })

  it('never changes: people are found in it', () => {
    expect(['ada', 'bob', 'person-1', 'a.b_c-d', ''].map(partOf)).toEqual([6, 6, 4, 6, 3])
  })
})
