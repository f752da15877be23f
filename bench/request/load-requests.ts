/** What the load is made of: each kind of request, how hard it comes, and what its answer must be. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sampleImagesDir, sampleProbe } from '../../scripts/setup/samples.ts'

export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: Buffer
}

export interface LoadKind {
  readonly name: string
  readonly connections: number
  /** Requests a second at most, over all connections; as fast as answers come unless given. */
  readonly perSecond?: number
  /** Sent in turn, again and again. */
  readonly requests: readonly LoadRequest[]
  /** Statuses of a right answer. */
  readonly expected: readonly number[]
  /** What a right answer holds. */
  readonly contains?: string
}

interface Keys {
  readonly admin: string
  readonly app: string
}

/** People who come and go under load, beside the samples who stay. */
const passing = Array.from({ length: 8 }, (_, i) => `load-${i}`)

/** All with the key of the role `admin`, which has no budget. */
export async function loadKinds({ admin }: Keys): Promise<LoadKind[]> {
  const probe = await readFile(sampleProbe)
  const eve = await readFile(join(sampleImagesDir, 'eve.jpg'))
  const fay = await readFile(join(sampleImagesDir, 'fay.jpg'))
  const verify = await formRequest('POST', '/verify', admin, { identity: 'eve', image: probe })
  const read = (path: string): LoadRequest => ({ method: 'GET', path, headers: bearer(admin) })
  const enroll = passing.map((id) =>
    formRequest('PUT', `/admin/identities/${id}`, admin, { allowDuplicate: 'true', image: fay }),
  )
  return [
    {
      name: 'POST /verify',
      connections: 2,
      requests: [verify],
      expected: [200],
      contains: '"match"',
    },
    {
      name: 'POST /compare',
      connections: 1,
      requests: [await formRequest('POST', '/compare', admin, { left: eve, right: probe })],
      expected: [200],
      contains: '"match"',
    },
    {
      name: 'POST /detect',
      connections: 1,
      requests: [await formRequest('POST', '/detect', admin, { image: probe })],
      expected: [200],
      contains: '"landmarks"',
    },
    {
      name: 'GET /health',
      connections: 1,
      perSecond: 1,
      requests: [{ method: 'GET', path: '/health', headers: {} }],
      expected: [200],
      contains: '"ok":true',
    },
    {
      name: 'GET /admin/identities',
      connections: 1,
      perSecond: 20,
      requests: [read('/admin/identities?limit=100'), read('/admin/identities?prefix=e')],
      expected: [200],
      contains: '"eve"',
    },
    {
      name: 'GET /admin/identities/{id}',
      connections: 1,
      perSecond: 20,
      requests: [read('/admin/identities/eve')],
      expected: [200],
      contains: '"eve"',
    },
    {
      name: 'PUT /admin/identities/{id}',
      connections: 1,
      perSecond: 1,
      requests: await Promise.all(enroll),
      expected: [200, 201],
      contains: '"load-',
    },
    {
      name: 'bad bodies',
      connections: 1,
      perSecond: 20,
      requests: await badRequests(admin, probe),
      expected: [400, 413, 415],
      contains: '"code"',
    },
  ]
}

/** Cut, foreign, empty, deep, not JSON, without an end: one of each. */
async function badRequests(key: string, photo: Buffer): Promise<LoadRequest[]> {
  const raw = (body: Buffer, type = 'image/jpeg'): LoadRequest => ({
    method: 'POST',
    path: '/detect',
    headers: { ...bearer(key), 'content-type': type },
    body,
  })
  const form = await formRequest('POST', '/detect', key, { image: photo })
  return [
    raw(photo.subarray(0, photo.length >> 1)),
    raw(Buffer.from('GIF89a and no more')),
    raw(Buffer.alloc(0)),
    raw(Buffer.from('['.repeat(100_000)), 'application/json'),
    raw(Buffer.from('{"image":'), 'application/json'),
    { ...form, body: form.body!.subarray(0, 1000) },
    raw(Buffer.alloc(9 * 1024 * 1024, 0xff)),
  ]
}

async function formRequest(
  method: 'POST' | 'PUT',
  path: string,
  key: string,
  fields: Readonly<Record<string, string | Buffer>>,
): Promise<LoadRequest> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([new Uint8Array(value)]), 'photo.jpg')
  }
  const encoded = new Response(form)
  const headers = { ...bearer(key), 'content-type': encoded.headers.get('content-type')! }
  return { method, path, headers, body: Buffer.from(await encoded.arrayBuffer()) }
}

function bearer(key: string): { authorization: string } {
  return { authorization: `Bearer ${key}` }
}
