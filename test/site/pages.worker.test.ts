/** The pages as a browser gets them: whole, described in full, and let do no more than they need. */

import { describe, expect, it } from 'vitest'
import { hasLines } from '../../src/api/contract/endpoint.ts'
import { describeApi } from '../../src/api/contract/openapi.ts'
import { asServed } from '../../src/api/contract/openapi-shape.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { errorTable } from '../../src/errors/error-table.ts'
import { recordedModel } from '../../src/site/recordings.ts'
import { fakeModel } from '../support/app/fake-engine.ts'
import { expectCommonHeaders } from '../support/app/problems.ts'
import { createTestApp } from '../support/app/test-app.ts'

const { app } = createTestApp()
const paths = ['/', '/admin', '/docs'] as const

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
      (urls: string[]) =>
        urls.every((url) => /^(|data:,|\/(docs|admin|openapi\.json)?)$/.test(url)),
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

describe.each(['/', '/admin'])('the page %s, which takes a key', async (path) => {
  const { page, policy } = await readPage(path)

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
  const { page, policy } = await readPage('/docs')

  it('asks nobody for anything, and makes no markup out of text', () => {
    expect(policy.has('connect-src')).toBe(false)
    expect(policy.get('require-trusted-types-for')).toBe("'script'")
  })
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

  it('is rendered once for one address after the other, and never shows another', async () => {
    for (const host of ['a.test', 'b.test', 'b.test', 'a.test']) {
      const shown = await (await app.request(`http://${host}/docs`)).text()
      expect(shown).toBe(page.replaceAll('http://localhost', `http://${host}`))
    }
  })
})

describe('what runs, in the reference', () => {
  const readWith = async (model: string) => {
    const { app } = createTestApp({ model: () => model })
    return await (await app.request('/docs')).text()
  }

  it('lists the calibrated rates of the network, with the distances they come to', async () => {
    const page = await readWith(fakeModel)
    expect(page).toContain(`<code>${fakeModel}</code>: 0.01, 0.001; 0.001 unless given`)
    expect(page).toContain(
      '<th scope="row"><code>0.001</code></th><td>0.5 to 0.4</td><td>0.4 to 0.3</td>',
    )
    expect(page).toContain('verify, compare: 1 to 10 encodings')
    expect(page).toContain('recognize: 1 to 1,000 people')
  })

  it('says that no rate can be asked for where nobody calibrated the network', async () => {
    const page = await readWith('trained@01234567')
    expect(page).toContain('<code>trained@01234567</code>, is not calibrated')
    expect(page).not.toContain('Calibrated rates')
  })

  it('says that the answers are of another network, if they are', async () => {
    expect(await readWith('trained@01234567')).toContain(
      'Here <code>trained@01234567</code> runs, so distances and thresholds differ.',
    )
    expect(await readWith(recordedModel)).not.toContain('distances and thresholds differ')
  })
})

describe('the recorded answers in the reference', async () => {
  const { page } = await readPage('/docs')

  it('show the box in pixels, the real threshold and the network', () => {
    const verify = articleOf(page, 'verify')
    expect(verify).toMatch(/&quot;box&quot;: \{ &quot;x&quot;: \d+, &quot;y&quot;: \d+/)
    expect(verify).toContain(`&quot;model&quot;: &quot;${recordedModel}&quot;`)
    expect(verify).toMatch(/&quot;threshold&quot;: 0\.\d{4}/)
    expect(verify).toContain('<code>no_match</code>: a photo of somebody else')
  })

  it('come with the request: as a form, as JSON with base64, as the photo itself', () => {
    const verify = articleOf(page, 'verify')
    expect(verify).toContain('-F identity=eve -F image=@probe-eve.jpg')
    expect(verify).toContain('printf &#39;{&quot;identity&quot;:&quot;eve&quot;')
    expect(verify).toContain('$(base64 &lt; ada.jpg | tr -d &#39;\\n&#39;)')
    expect(articleOf(page, 'recognize')).toContain('--data-binary @fay.jpg')
  })

  it('stand at the codes that were recorded', () => {
    expect(articleOf(page, 'locked_out')).toContain('<code>Retry-After: 30</code>')
    expect(articleOf(page, 'photos_differ')).toContain(
      '&quot;outcome&quot;: &quot;photos_differ&quot;',
    )
    expect(articleOf(page, 'store_unavailable')).not.toContain('<dt>Recorded</dt>')
  })

  it('has no filler', () => {
    expect(page).not.toMatch(/&quot;x&quot;: 0\.5|younes/)
  })
})

function articleOf(page: string, id: string): string {
  const start = page.indexOf(`id="${id}"`)
  expect(start, `the page has #${id}`).toBeGreaterThan(0)
  return page.slice(start, page.indexOf('</article>', start))
}
