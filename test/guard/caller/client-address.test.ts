import { describe, expect, it } from 'vitest'
import { hashClientAddress } from '../../../src/guard/caller/client-address.ts'

describe('a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0:0:0:9'],
    ['2001:db8::1', '2001:db8:0:0:1::'],
    ['::1', '0:0:0:0:5:6:7:8'],
    ['2001:db8:1::', '2001:db8:1::7'],
    [null, undefined],
    [null, ''],
  ])('at %s is the one at %s', async (one, other) => {
    expect(await hashClientAddress(one)).toBe(await hashClientAddress(other))
  })

  it.each([
    ['203.0.113.7', '203.0.113.8'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1:2::1', '2001:db8:1:20::1'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['203.0.113.7', null],
  ])('at %s is not the one at %s', async (one, other) => {
    expect(await hashClientAddress(one)).not.toBe(await hashClientAddress(other))
  })

  it('is not told by its hash', async () => {
    expect(await hashClientAddress('203.0.113.7')).toMatch(/^[\w-]{22}$/)
  })
})
