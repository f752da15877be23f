import { describe, expect, it } from 'vitest'
import { Arena } from '../../../src/network/plan/arena.ts'

describe('the arena', () => {
  it('hands out places that do not overlap, aligned for vectors', () => {
    const arena = new Arena()
    const [a, b] = [arena.take(100), arena.take(1)]
    expect(a % 64).toBe(0)
    expect(b).toBeGreaterThanOrEqual(a + 100 + 64)
    expect(arena.bytes).toBeGreaterThanOrEqual(b + 1 + 64)
  })

  it('takes what its largest moment takes, not the sum of all', () => {
    const arena = new Arena()
    let before = arena.take(1000)
    for (let i = 0; i < 50; i++) {
      const next = arena.take(1000)
      arena.give(before)
      before = next
    }
    expect(arena.bytes).toBeLessThan(3 * 1100)
  })

  it('joins neighbours that were given back', () => {
    const arena = new Arena()
    const places = [1000, 1000, 1000].map((bytes) => arena.take(bytes))
    for (const place of [places[0]!, places[2]!, places[1]!]) arena.give(place)
    const { bytes } = arena
    expect(arena.take(3000)).toBe(places[0])
    expect(arena.bytes).toBe(bytes)
  })

  it('refuses to take back what it did not give', () => {
    expect(() => new Arena().give(64)).toThrow('nothing was taken at 64')
  })
})
