import { expect, it } from 'vitest'
import { createSeenPrints } from '../../src/guard/seen-prints.ts'

const day = 86_400_000

function memory() {
  const kept = new Map<string, unknown>()
  const kv = {
    get: (key: string) => kept.get(key),
    put: (key: string, value: unknown) => kept.set(key, value),
    delete: (key: string) => kept.delete(key),
  }
  return createSeenPrints(kv as never)
}

it('prints are kept for a day, those of one sequence together', () => {
  const prints = memory()
  prints.add(['a', 'b'], 1000)
  prints.add(['c'], 2000)
  expect(prints.list(3000, 3000)).toEqual([['a', 'b'], ['c']])
  expect(prints.list(3000, 1500)).toEqual([['a', 'b']])
  expect(prints.list(1000 + day, 1000 + day)).toEqual([['c']])
  prints.clear()
  expect(prints.list(3000, 3000)).toEqual([])
})

it('of one person 400 prints are kept, and the oldest go first', () => {
  const prints = memory()
  const print = (i: number) => `print ${i}`
  for (let i = 0; i < 401; i++) prints.add([print(i)], i)
  expect(prints.list(500, 500)).toEqual(Array.from({ length: 400 }, (_, i) => [print(i + 1)]))
})
