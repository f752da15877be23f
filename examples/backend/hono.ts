/** The same backend with Hono, on Node; the routes run as they are on Workers, Deno and Bun. `node hono.ts`. */
import { serve } from '@hono/node-server'
import { createClient, FacegateError } from 'facegate-client'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

const { FACEGATE_URL = 'http://127.0.0.1:8787', APP_KEY, PORT = '3002' } = process.env
const facegate = createClient({ url: FACEGATE_URL, key: APP_KEY, timeoutMs: 10_000 })

/** Whose sessions were opened here, and not yet used: each lets in once. Of one process; several need a store that they share. */
const open = new Map<string, string>()

const app = new Hono()

app.post('/sessions', async (c) => {
  const { user } = await c.req.json<{ user?: unknown }>().catch(() => ({ user: undefined }))
  if (typeof user !== 'string')
    throw new HTTPException(400, { res: c.json({ hint: 'Say who you are.' }, 400) })
  const { session, token, expiresAt } = await facegate.openSession({
    identity: user,
    purpose: 'unlock',
  })
  open.set(session, user)
  return c.json({ session, token, expiresAt, facegate: FACEGATE_URL }, 201)
})

app.post('/sessions/:session/enter', async (c) => {
  const session = c.req.param('session')
  const user = open.get(session)
  if (user === undefined)
    throw new HTTPException(404, { res: c.json({ hint: 'Start over.' }, 404) })
  const { decision, identity } = await facegate.getSession(session)
  // Deleting says whether a request at the same moment was first.
  const isIn = decision === 'match' && identity === user && open.delete(session)
  return c.json({ isIn, user }, isIn ? 200 : 403)
})

/** What facegate refuses is told to the person in its own words; a wrong key is this backend's fault. */
app.onError((error, c) => {
  if (error instanceof HTTPException) return error.getResponse()
  if (!(error instanceof FacegateError)) throw error
  const { status = 502, code, hint } = error
  return c.json(
    { code, hint },
    (status === 401 || status === 403 ? 502 : status) as ContentfulStatusCode,
  )
})

serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => console.log(`listens on ${port}`))
