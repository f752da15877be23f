// @ts-check
/** The backend of an app that unlocks by face: opens a session for a phone, and asks facegate itself what came of it. */
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createClient, FacegateError } from 'facegate-client'

const { FACEGATE_URL = 'http://127.0.0.1:8787', APP_KEY, ADMIN_KEY, PORT = '3000' } = process.env
/** Where phones reach facegate, if that is another address than the one this backend uses. */
const { FACEGATE_PUBLIC_URL = FACEGATE_URL, HOST = '127.0.0.1' } = process.env
const facegate = createClient({ url: FACEGATE_URL, key: APP_KEY, timeoutMs: 10_000 })
const admin = createClient({ url: FACEGATE_URL, key: ADMIN_KEY, timeoutMs: 30_000 })

const routes = {
  /** Whoever says a name gets a token for it, which opens nothing without their face. @param {Call} call */
  async 'POST /api/session'({ text, setSession }) {
    const opened = await facegate.openSession({ identity: text, purpose: 'unlock' })
    setSession(opened.session)
    return { token: opened.token, tries: opened.tries, facegate: FACEGATE_PUBLIC_URL }
  },
  /** The phone may say what it likes: facegate is asked. @param {Call} call */
  async 'POST /api/open'({ session }) {
    const { decision, identity } = await facegate.getSession(session)
    return decision === 'match'
      ? { isOpen: true, message: `Welcome, ${identity}.` }
      : { isOpen: false }
  },
  /** For trying out only: a real app knows who it enrolls. @param {Call} call */
  async 'POST /api/enroll'({ bytes, query }) {
    const identity = query.get('name') ?? ''
    await admin.enroll(identity, { images: [bytes] }, { ifNoneMatch: '*' })
    return { identity }
  },
}
/** @typedef {{ text: string, bytes: Buffer, session: string, query: URLSearchParams, setSession(id: string): void }} Call */

const types = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  png: 'image/png',
}
const files = new Map([
  ...(await filesIn(new URL('public/', import.meta.url), '/')),
  ...(await filesIn(
    new URL('./', import.meta.resolve('facegate-client')),
    '/facegate-client/dist/',
  )),
])

createServer(async (request, response) => {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost')
  const answer = (/** @type {number} */ status, /** @type {unknown} */ body) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }
  const route = routes[/** @type {keyof typeof routes} */ (`${request.method} ${pathname}`)]
  const file = files.get(pathname === '/' ? '/index.html' : pathname)
  response.setHeader(
    'Content-Security-Policy',
    `default-src 'self'; connect-src 'self' ${new URL(FACEGATE_PUBLIC_URL, FACEGATE_URL).origin}; img-src 'self' blob:; frame-ancestors 'none'`,
  )
  if (file)
    return response.writeHead(200, { 'Content-Type': file.type }).end(await readFile(file.url))
  if (!route) return answer(404, { hint: 'There is no such page.' })
  try {
    const bytes = Buffer.concat(await request.toArray())
    const session = /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const setSession = (/** @type {string} */ id) => {
      response.setHeader('Set-Cookie', `session=${id}; HttpOnly; SameSite=Strict; Path=/api`)
    }
    answer(200, await route({ text: `${bytes}`, bytes, session, query, setSession }))
  } catch (error) {
    if (!(error instanceof FacegateError)) console.error(error)
    const { hint, code, status } =
      error instanceof FacegateError
        ? error
        : { hint: 'Try again later.', code: 'internal', status: 500 }
    answer(status === 401 || status === 403 || !status ? 502 : status, { hint, code })
  }
}).listen(Number(PORT), HOST, () => console.log(`unlock listens on http://${HOST}:${PORT}/`))

/** @param {URL} folder @param {string} prefix @returns {Promise<[string, { url: URL, type: string }][]>} */
async function filesIn(folder, prefix) {
  const names = (await readdir(folder)).filter((name) =>
    /\.(html|js|css|svg|png|webmanifest)$/.test(name),
  )
  return names.map((name) => {
    const type =
      types[/** @type {keyof typeof types} */ (name.split('.').at(-1))] ??
      'application/manifest+json'
    return [prefix + name, { url: new URL(name, folder), type }]
  })
}
