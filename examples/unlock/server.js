// @ts-check
/** The backend of an app that unlocks by face: opens a session for a phone, and asks facegate itself what came of it. */
import { createServer } from 'node:http'
import { createClient, FacegateError } from 'facegate-client'
import { readCall, serveFile, tell } from './http.js'

const { FACEGATE_URL = 'http://127.0.0.1:8787', APP_KEY, ADMIN_KEY } = process.env
/** Where phones reach facegate, if that is another address than the one this backend uses. */
const { FACEGATE_PUBLIC_URL = FACEGATE_URL, HOST = '127.0.0.1', PORT = '3000' } = process.env
/** `on`: a few poses are asked for, whether or not the service asks them of everybody. */
const { POSES } = process.env
const facegate = createClient({ url: FACEGATE_URL, key: APP_KEY, timeoutMs: 10_000 })
const admin = createClient({ url: FACEGATE_URL, key: ADMIN_KEY, timeoutMs: 30_000 })

/** @type {Readonly<Record<string, (call: import('./http.js').Call) => Promise<object>>>} */
const routes = {
  /** Whoever says a name gets a token for it, which opens nothing without their face. */
  async 'POST /api/session'({ text, setSession }) {
    const wish = POSES === 'on' ? { liveness: /** @type {const} */ ('active') } : {}
    const opened = await facegate.openSession({ identity: text, purpose: 'unlock', ...wish })
    setSession(opened.session)
    const { token, tries, liveness } = opened
    return { token, tries, liveness, facegate: FACEGATE_PUBLIC_URL }
  },
  /** The phone may say what it likes: facegate is asked. A session opens once. */
  async 'POST /api/open'({ session }) {
    const { decision, identity } = await facegate.getSession(session)
    if (decision !== 'match') return { isOpen: false }
    await facegate.revokeSession(session)
    return { isOpen: true, message: `Welcome, ${identity}.` }
  },
  /** For trying out only: a real app knows whom it enrolls. */
  async 'POST /api/enroll'({ bytes, query }) {
    const identity = query.get('name') ?? ''
    await admin.enroll(identity, { images: [bytes] }, { ifNoneMatch: '*' })
    return { identity }
  },
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (await serveFile(pathname, new URL(FACEGATE_PUBLIC_URL, FACEGATE_URL).origin, response)) return
  const route = routes[`${request.method} ${pathname}`]
  if (route === undefined) return tell(response, 404, { hint: 'There is no such page.' })
  try {
    const call = await readCall(request, response)
    if (call === null) return tell(response, 413, { hint: 'Send a smaller photo.' })
    tell(response, 200, await route(call))
  } catch (error) {
    if (!(error instanceof FacegateError)) {
      console.error(error)
      return tell(response, 500, { hint: 'Try again later.' })
    }
    // A key that facegate refuses is this backend's fault, and no answer is nobody's.
    const { hint, code, status = 502 } = error
    tell(response, status === 401 || status === 403 ? 502 : status, { hint, code })
  }
}).listen(Number(PORT), HOST, () => console.log(`unlock listens on http://${HOST}:${PORT}/`))
