/**
 * A backend with Express: opens a session for the phone of a user who has said who they are, and lets them in when facegate says that
 * the phone showed them. `node express.ts`, with FACEGATE_URL and APP_KEY in the environment.
 */
import express, { type ErrorRequestHandler } from 'express'
import { createClient, FacegateError } from 'facegate-client'

const { FACEGATE_URL = 'http://127.0.0.1:8787', APP_KEY, PORT = '3001' } = process.env
const facegate = createClient({ url: FACEGATE_URL, key: APP_KEY, timeoutMs: 10_000 })

/** Whose sessions were opened here, and not yet used: each lets in once. Of one process; several need a store that they share. */
const open = new Map<string, string>()

const app = express()
app.use(express.json())

app.post('/sessions', async ({ body }, response) => {
  const user: unknown = body?.user
  if (typeof user !== 'string') {
    response.status(400).json({ hint: 'Say who you are.' })
    return
  }
  const { session, token, expiresAt } = await facegate.openSession({
    identity: user,
    purpose: 'unlock',
  })
  open.set(session, user)
  response.status(201).json({ session, token, expiresAt, facegate: FACEGATE_URL })
})

app.post('/sessions/:session/enter', async ({ params: { session } }, response) => {
  const user = open.get(session)
  if (user === undefined) {
    response.status(404).json({ hint: 'Start over.' })
    return
  }
  const { decision, identity } = await facegate.getSession(session)
  // Deleting says whether a request at the same moment was first.
  const isIn = decision === 'match' && identity === user && open.delete(session)
  response.status(isIn ? 200 : 403).json({ isIn, user })
})

/** What facegate refuses is told to the person in its own words; a wrong key is this backend's fault. */
const tell: ErrorRequestHandler = (error, _request, response, next) => {
  if (!(error instanceof FacegateError)) return next(error)
  const { status = 502, code, hint } = error
  response.status(status === 401 || status === 403 ? 502 : status).json({ code, hint })
}
app.use(tell)

app.listen(Number(PORT), () => console.log(`listens on ${PORT}`))
