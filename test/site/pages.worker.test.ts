/** The two pages as a browser gets them: whole, described in full, and let do no more than they need. */

import { describe, expect, it } from 'vitest'
import { hasLines } from '../../src/api/contract/endpoint.ts'
import { describeApi } from '../../src/api/contract/openapi.ts'
import { asServed } from '../../src/api/contract/openapi-shape.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { errorTable } from '../../src/errors/error-table.ts'
import { expectCommonHeaders } from '../support/problems.ts'
import { createTestApp } from '../support/test-app.ts'

const { app } = createTestApp()
const paths = ['/', '/docs'] as const

async function readPage(path: string) {
  const response = await app.request(path)
  const policy = new Map(
    (response.headers.get('content-security-policy') ?? '').split('; ').map((part) => {
      const [name, ...values] = part.split(' ')
      return [name!, values.join(' ')] as const
    }),
  )
  return { response, policy, page: await response.text() }
}

async function hashesOf(page: string, element: 'style' | 'script'): Promise<string[]> {
  const contents = page.matchAll(new RegExp(`<${element}[^>]*>(.*?)</${element}>`, 'gs'))
  const digests = [...contents].map(async ([, content]) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content))
    return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`
  })
  return await Promise.all(digests)
}

describe.each(paths)('GET %s', async (path) => {
  const { response, policy, page } = await readPage(path)

  it('takes no key and no settings', () => {
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expectCommonHeaders(response)
  })

  it('may load nothing, be framed by nobody and send no form', () => {
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('frame-ancestors')).toBe("'none'")
    expect(policy.get('base-uri')).toBe("'none'")
    expect(policy.get('form-action')).toBe("'none'")
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*|https?:/)
  })

  it('holds exactly the style and script that its policy names', async () => {
    expect(await hashesOf(page, 'style')).toEqual([policy.get('style-src')])
    expect(await hashesOf(page, 'script')).toEqual(
      policy.has('script-src') ? [policy.get('script-src')] : [],
    )
  })

  it('has nothing that the policy would stop', () => {
    const markup = page.replaceAll(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    expect(markup).not.toMatch(/\s(style|on\w+)=/)
    expect(markup).not.toMatch(/<(img|iframe|object|embed|base)\b/)
    expect([...markup.matchAll(/\s(?:src|href)="([^"#]*)/g)].map(([, url]) => url!)).toSatisfy(
      (urls: string[]) => urls.every((url) => /^(|data:,|\/(docs|openapi\.json)?)$/.test(url)),
    )
  })

  it('has ids that are there once, and links that lead to them', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  })

  it('answers HEAD without the page', async () => {
    const head = await app.request(path, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
  })
})

describe('the demo', async () => {
  const { page, policy } = await readPage('/')

  it('talks to this service alone, and makes no markup out of text', () => {
    expect(policy.get('connect-src')).toBe("'self'")
    expect(policy.get('require-trusted-types-for')).toBe("'script'")
  })

  it('keeps the key out of storage and out of forms that a browser sends', () => {
    expect(page).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie/)
    const [key] = page.match(/<input[^>]*id="key"[^>]*>/)!
    expect(key).toContain('type="password"')
    expect(key).not.toContain(' name=')
  })

  it('labels every field', () => {
    for (const [, id] of page.matchAll(/<(?:input|select)[^>]*\bid="([^"]+)"/g)) {
      expect(page).toContain(`<label for="${id}">`)
    }
  })
})

describe('the reference', async () => {
  const { page } = await readPage('/docs')
  const document = asServed(describeApi(endpoints))

  it.each(endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const))(
    'has %s with its path, its fields and how to call it',
    (operationId, endpoint) => {
      const article = articleOf(page, operationId)
      expect(article).toContain(`<code>${endpoint.path}</code>`)
      expect(article.includes(`facegate.${operationId}(`)).toBe(!hasLines(endpoint))
      expect(article).toContain('curl -s http://localhost')
    },
  )

  it.each(Object.entries(errorTable))('has %s with status, meaning and hint', (code, info) => {
    const article = articleOf(page, code)
    expect(article).toContain(`${info.status}`)
    expect(article).toContain(`urn:facegate:error:${code}`)
    expect(article).toContain(`<strong>${info.title}.</strong>`)
    expect(article).toContain('<dt>Hint to the person</dt>')
  })

  it.each(Object.entries(document.components.schemas))('has the schema %s', (name, schema) => {
    const article = articleOf(page, `schema-${name}`)
    const { properties = {} } = schema.oneOf?.[0] ?? schema
    for (const field of Object.keys(properties)) expect(article).toContain(`<code>${field}</code>`)
  })

  it('tells of headers, of what may be null, and of lines', () => {
    const patch = articleOf(page, 'updateIdentity')
    expect(patch).toContain('<code>If-Match</code>')
    expect(patch).toContain('string, 1 to 200 or null')
    expect(patch).toContain(
      '-d &#39;{&quot;name&quot;:&quot;Eve Adams&quot;,&quot;expiresAt&quot;:null}&#39;',
    )
    const lines = articleOf(page, 'importPeople')
    expect(lines).toContain('--data-binary @people.ndjson')
    expect(lines).toContain('each line <a href="#schema-PeopleLine">PeopleLine</a>')
    expect(articleOf(page, 'schema-PeopleLine')).toContain('href="#schema-PersonLine"')
  })

  it('escapes what comes with the request', async () => {
    const response = await app.request("http://a'b.test/docs")
    expect(await response.text()).toContain('curl -s http://a&#39;b.test/verify')
    const spoofed = await app.request('/docs?<script>alert(1)</script>')
    expect(await spoofed.text()).toBe(page)
  })
})

function articleOf(page: string, id: string): string {
  const start = page.indexOf(`id="${id}"`)
  expect(start, `the page has #${id}`).toBeGreaterThan(0)
  return page.slice(start, page.indexOf('</article>', start))
}
