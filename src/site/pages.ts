/**
 * GET /, GET /admin and GET /docs: the demo, the people and the reference. Each is self-contained: its Content-Security-Policy allows, by
 * hash, only the style and the script that were built into it. None needs a key: whoever opens /admin enters one there.
 */
import built from '../../build/pages/pages.json' with { type: 'json' }
import type { Endpoint } from '../api/contract/endpoint.ts'
import type { OpenApi } from '../api/contract/openapi-shape.ts'
import type { RunningModel } from './rates-markup.ts'
import { renderReference } from './reference-page.ts'

export interface Page {
  readonly path: string
  respond(request: Request): Response
}

export interface PagesInput {
  readonly endpoints: readonly Endpoint[]
  /** Gives the contract; asked when the reference is first read. */
  readonly describe: () => OpenApi
  readonly running: () => RunningModel | undefined
}

export function createPages({ endpoints, describe, running }: PagesInput): Page[] {
  const { style, styleHash, script, scriptHash } = built.reference
  // Rendered once: anybody may ask for it, as often as they like.
  let rendered: { readonly origin: string; readonly page: string } | undefined
  function render(origin: string): string {
    if (rendered?.origin !== origin) {
      const shown = { endpoints, document: describe(), running: running() }
      rendered = { origin, page: renderReference({ ...shown, origin, style, script }) }
    }
    return rendered.page
  }
  const reference = {
    path: '/docs',
    respond: ({ url }: Request) => {
      const page = render(new URL(url).origin)
      return toResponse(page, {
        'script-src': `'${scriptHash}'`,
        'style-src': `'${styleHash}'`,
        'require-trusted-types-for': "'script'",
      })
    },
  }
  return [callingPage('/', built.demo), callingPage('/admin', built.admin), reference]
}

/** A page that calls the service, with a key that the person enters. */
function callingPage(path: string, { html, styleHash, scriptHash }: typeof built.demo): Page {
  const respond = () =>
    toResponse(html, {
      'script-src': `'${scriptHash}'`,
      'style-src': `'${styleHash}'`,
      'connect-src': "'self'",
      'require-trusted-types-for': "'script'",
    })
  return { path, respond }
}

/** What no page may do, whatever else it may do. */
const everyPage = {
  'default-src': "'none'",
  'img-src': 'data:',
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

function toResponse(page: string, allowed: Readonly<Record<string, string>>): Response {
  const policy = Object.entries({ ...everyPage, ...allowed }).map(([name, value]) => {
    return `${name} ${value}`
  })
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
  })
}
