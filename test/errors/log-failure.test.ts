import { afterEach, describe, expect, it, vi } from 'vitest'
import { FaceError } from '../../src/errors/face-error.ts'
import { logFailure } from '../../src/errors/log-failure.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function logged(error: unknown): Record<string, unknown> | null {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  logFailure(error, '01TEST')
  return log.mock.calls.length === 0 ? null : JSON.parse(String(log.mock.calls[0][0]))
}

describe('logFailure', () => {
  it('writes one line of JSON for what nobody expected', () => {
    expect(logged(new RangeError('memory access out of bounds'))).toEqual({
      level: 'error',
      requestId: '01TEST',
      code: 'internal',
      name: 'RangeError',
      message: 'memory access out of bounds',
    })
  })

  it('tells the cause of a failure of the service', () => {
    const cause = new Error('KV GET failed: 500')
    expect(
      logged(new FaceError('store_unavailable', 'The store failed.', { cause })),
    ).toMatchObject({
      code: 'store_unavailable',
      cause: { name: 'Error', message: 'KV GET failed: 500' },
    })
  })

  it("is silent about a caller's mistakes", () => {
    expect(logged(new FaceError('no_face', 'no face'))).toBeNull()
    expect(logged(new FaceError('unauthorized', 'no key'))).toBeNull()
  })

  it('cuts long messages and writes nothing of what is no Error', () => {
    expect(String(logged(new Error('x'.repeat(9999)))?.message)).toHaveLength(300)
    expect(JSON.stringify(logged({ photo: 'AAAA' }))).not.toContain('AAAA')
  })
})
