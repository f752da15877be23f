/** What every answer of a kind must have, whatever the test is about. */

import { expect } from 'vitest'
import { problem } from '../../../src/api/answer/problem.ts'
import { type ErrorCode, errorTable } from '../../../src/errors/error-table.ts'

/** Checks that the answer is a well-formed problem of this code and returns its detail. */
export async function expectProblem(response: Response, code: ErrorCode): Promise<string> {
  const body = problem.strict().parse(await response.json())
  expect(body).toMatchObject({ code, type: `urn:facegate:error:${code}` })
  expect(response.status).toBe(errorTable[code].status)
  expect(body.status).toBe(response.status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('x-request-id')).toBe(body.requestId)
  expectCommonHeaders(response)
  return body.detail
}

export function expectCommonHeaders(response: Response): void {
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('x-frame-options')).toBe('DENY')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('strict-transport-security')).toBe('max-age=63072000')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
}
