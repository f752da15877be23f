// @ts-check
/** What a framework would do for server.js: the app's own files, bodies up to a size, cookies, JSON. */
import { readdir, readFile } from 'node:fs/promises'

/** As large as facegate takes a photo. */
const maxBodyBytes = 8 * 2 ** 20

/** @type {Readonly<Record<string, string>>} */
const types = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
}

/** By the path of their address. */
const files = new Map([
  ...(await filesIn(new URL('public/', import.meta.url), '/')),
  ...(await filesIn(
    new URL('./', import.meta.resolve('facegate-client')),
    '/facegate-client/dist/',
  )),
])

/** False when there is no such file. @param {string} path @param {string} facegate @param {import('node:http').ServerResponse} response */
export async function serveFile(path, facegate, response) {
  const file = files.get(path === '/' ? '/index.html' : path)
  if (file === undefined) return false
  const policy = `default-src 'self'; connect-src 'self' ${facegate}; img-src 'self' blob:; frame-ancestors 'none'`
  response.setHeader('Content-Security-Policy', policy)
  response.writeHead(200, { 'Content-Type': file.type }).end(await readFile(file.url))
  return true
}

/** @typedef {{ text: string, bytes: Buffer, session: string, query: URLSearchParams, setSession(id: string): void }} Call */

/** Null for a body that is too large. @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @returns {Promise<Call | null>} */
export async function readCall(request, response) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > maxBodyBytes) return null
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  return {
    bytes,
    text: `${bytes}`,
    session: /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '',
    query: new URL(request.url ?? '/', 'http://localhost').searchParams,
    /** No script of a page can read it. */
    setSession: (id) =>
      void response.setHeader('Set-Cookie', `session=${id}; HttpOnly; SameSite=Strict; Path=/api`),
  }
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {unknown} body */
export function tell(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** @param {URL} folder @param {string} prefix @returns {Promise<[string, { url: URL, type: string }][]>} */
async function filesIn(folder, prefix) {
  const names = await readdir(folder)
  return names.flatMap((name) => {
    const type = types[name.split('.').at(-1) ?? '']
    return type === undefined ? [] : [[prefix + name, { url: new URL(name, folder), type }]]
  })
}
