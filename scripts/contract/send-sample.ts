/** One of the sample requests, as a caller sends it over HTTP; photos are read where set-up put them, or made here. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { linesType } from '../../src/api/answer/stream-lines.ts'
import type { Endpoint } from '../../src/api/contract/endpoint.ts'
import type { SampleCall } from '../../src/site/recordings.ts'
import { sampleImagesDir, samplesDir } from '../setup/samples.ts'

/** 96 by 96 pixels of grey. */
const wallPng =
  'iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAAAAADH8yjkAAAAO0lEQVR42u3NMQ0AAAwDoEqv9KrYsQQMkB6LQCAQCAQCgUAgEAgEAoFAIBAIBAKBQCAQCAQCgUAg+BoMVB0BDwvUQvEAAAAASUVORK5CYII='

const photos: Readonly<Record<string, () => Promise<Uint8Array<ArrayBuffer>>>> = {
  'probe-eve.jpg': () => readSample(samplesDir, 'probe-eve.jpg'),
  'profile.jpg': () => readSample(samplesDir, 'profile.jpg'),
  'wall.png': async () => new Uint8Array(Buffer.from(wallPng, 'base64')),
  'half.jpg': async () => {
    const whole = await readSample(sampleImagesDir, 'eve.jpg')
    return whole.slice(0, whole.length / 2)
  },
  // How every HEIC file begins; it is refused by that.
  'photo.heic': async () => Uint8Array.from(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')),
}

async function readSample(folder: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(folder, file)))
}

function readPhoto(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return photos[file]?.() ?? readSample(sampleImagesDir, file)
}

export interface Service {
  readonly url: URL
  /** By the name of the variable that holds them. */
  readonly keys: Readonly<Record<string, string>>
}

/** @param lines the body of an endpoint that takes lines */
export async function sendSample(
  call: Omit<SampleCall, 'title'>,
  endpoint: Endpoint,
  { url, keys }: Service,
  lines: string,
): Promise<Response> {
  const { id, key = endpoint.role === 'admin' ? 'ADMIN_KEY' : 'APP_KEY', fields = {} } = call
  const { body, type, query = '' } = await pack(call, endpoint, lines)
  const target = new URL(`${endpoint.path.replace('{id}', id ?? '')}${query}`, url)
  const headers = new Headers(call.headers)
  if (endpoint.role !== 'none') headers.set('Authorization', `Bearer ${keys[key]}`)
  if (type !== undefined) headers.set('Content-Type', type)
  if (body === undefined) {
    for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, `${value}`)
  }
  return await fetch(target, { method: endpoint.method.toUpperCase(), headers, body })
}

interface Packed {
  readonly body?: BodyInit
  /** Absent where the body brings its own. */
  readonly type?: string
  readonly query?: string
}

async function pack(
  { as = 'form', fields = {}, photos = {} }: Omit<SampleCall, 'title'>,
  { json, body, lines: takesLines }: Endpoint,
  lines: string,
): Promise<Packed> {
  if (takesLines) return { body: lines, type: linesType }
  if (json) return { body: JSON.stringify(fields), type: 'application/json' }
  if (!body) return {}
  const read = await Promise.all(
    Object.entries(photos).flatMap(([field, files]) =>
      files.map(async (file) => ({ field, file, bytes: await readPhoto(file) })),
    ),
  )
  if (as === 'json') {
    const encoded = read.map(({ field, bytes }) => [field, Buffer.from(bytes).toString('base64')])
    const all = { ...fields, ...Object.fromEntries(encoded) }
    return { body: JSON.stringify(all), type: 'application/json' }
  }
  const texts = Object.entries(fields).map(([name, value]) => [name, `${value}`])
  if (as === 'photo') {
    return { body: read[0]?.bytes, type: 'image/jpeg', query: `?${new URLSearchParams(texts)}` }
  }
  const form = new FormData()
  for (const [name, value] of texts) form.append(name!, value!)
  for (const { field, file, bytes } of read) form.append(field, new Blob([bytes]), file)
  return { body: form }
}
