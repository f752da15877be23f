/**
 * The headers that every answer has for browsers. No answer may be stored, framed, sniffed or run; a page that needs another rule sets
 * its own header. Pages of other origins may call only when ALLOWED_ORIGINS lists theirs exactly.
 */
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { readAllowedOrigins } from '../../guard/policy.ts'

/** How long a browser may remember the answer to a preflight request. */
const preflightSeconds = 600

const nothing = ["'none'"]

export const securityHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: nothing,
    baseUri: nothing,
    formAction: nothing,
    frameAncestors: nothing,
  },
  xFrameOptions: 'DENY',
  // Subdomains are left out: they may not be ours.
  strictTransportSecurity: 'max-age=63072000',
  overwrite: false,
})

export const crossOrigin: MiddlewareHandler<{ Bindings: object }> = async (c, next) => {
  const origin = c.req.header('origin')
  // Any other preflight request goes on to its path, which does not take OPTIONS.
  if (origin === undefined || !readAllowedOrigins(c.env).includes(origin)) return await next()
  return await allowOrigin(c, next)
}

const allowOrigin = cors({
  // Only reached with an origin that is listed.
  origin: (origin) => origin,
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: [
    ...['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'],
  ],
  exposeHeaders: ['X-Request-Id', 'Retry-After', 'ETag'],
  maxAge: preflightSeconds,
})
