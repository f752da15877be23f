import { describe, expect, it } from 'vitest'
import { formatRequestId } from '../../../src/api/request/request-id.ts'

describe('formatRequestId', () => {
  it('agrees with the example of the ULID specification', () => {
    // 01ARZ3NDEKTSV4RRFFQ69G5FAV
    const now = new Date(1469922850259)
    const random = Uint8Array.from([0xd6, 0x76, 0x4c, 0x61, 0xef, 0xb9, 0x93, 0x02, 0xbd, 0x5b])
    expect(formatRequestId(now, random)).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV')
  })

  it('has 26 characters and sorts by time', () => {
    const early = formatRequestId(new Date('2026-11-24T00:00:00Z'), new Uint8Array(10).fill(255))
    const late = formatRequestId(new Date('2026-11-24T00:00:00.001Z'), new Uint8Array(10))
    expect(early).toHaveLength(26)
    expect(early < late).toBe(true)
  })

  it('refuses another number of random bytes', () => {
    expect(() => formatRequestId(new Date(0), new Uint8Array(9))).toThrow('expected 10')
  })
})
