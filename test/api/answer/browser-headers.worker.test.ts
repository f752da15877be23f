import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { expectCommonHeaders, expectProblem } from '../../support/app/problems.ts'
import { adminKey, base64, createTestApp, get, json } from '../../support/app/test-app.ts'

const page = 'https://app.example.com'
const open = { ...env, ALLOWED_ORIGINS: `http://localhost:3000, ${page}` }
const corsHeaders = [
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-allow-credentials',
]

function preflight(origin: string): RequestInit {
  return {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  }
}

function from(origin: string, init: RequestInit): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('Origin', origin)
  return { ...init, headers }
}

function expectClosed(response: Response) {
  for (const name of corsHeaders) expect(response.headers.get(name), name).toBeNull()
}

describe('a page of another origin', () => {
  it('may not call unless it is told', async () => {
    const { send } = createTestApp()
    const answer = await send('/verify', preflight(page))
    expectClosed(answer)
    await expectProblem(answer, 'method_not_allowed')
    const health = await send('/health', from(page, {}))
    expect(health.status).toBe(200)
    expectClosed(health)
  })

  it.each([
    'https://app.example.com.evil.example',
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'null',
  ])('at %s may not call when others may', async (origin) => {
    const { send } = createTestApp()
    const answer = await send('/verify', preflight(origin), open)
    expectClosed(answer)
    await expectProblem(answer, 'method_not_allowed')
    expectClosed(await send('/health', from(origin, {}), open))
  })

  it('may call when its origin is listed', async () => {
    const { send } = createTestApp()
    const answer = await send('/verify', preflight(page), open)
    expect(answer.status).toBe(204)
    expect(await answer.text()).toBe('')
    expectCommonHeaders(answer)
    expect(answer.headers.get('access-control-allow-origin')).toBe(page)
    expect(answer.headers.get('access-control-allow-methods')).toBe(
      'GET,HEAD,POST,PUT,PATCH,DELETE',
    )
    expect(answer.headers.get('access-control-allow-headers')).toBe(
      'Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match',
    )
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    expect(answer.headers.get('access-control-max-age')).toBe('600')
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  it('that is listed can read answers and refusals, with their headers', async () => {
    const { send } = createTestApp()
    const image = base64('face a 0')
    const answers = [
      await send('/compare', from(page, json({ left: image, right: image })), open),
      await send('/compare', from(page, json({}, 'wrong-wrong-key')), open),
      await send('/nothing', from(page, {}), open),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 404])
    for (const answer of answers) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(page)
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'X-Request-Id,Retry-After,ETag',
      )
      expect(answer.headers.get('vary')).toContain('Origin')
      expectCommonHeaders(answer)
    }
  })

  it('may not call, and nothing is served, when the list is malformed', async () => {
    const { send } = createTestApp()
    const wrong = { ...env, ALLOWED_ORIGINS: '*' }
    expectClosed(await send('/verify', preflight(page), wrong))
    const answer = await send('/admin/identities', from(page, get(adminKey)), wrong)
    expectClosed(answer)
    expect(await expectProblem(answer, 'not_configured')).toContain('ALLOWED_ORIGINS')
  })
})
