/** A request that was recorded, as a line of curl and as a line of TypeScript with facegate-client. Pure. */

import { linesType } from '../api/answer/stream-lines.ts'
import type { Endpoint } from '../api/contract/endpoint.ts'
import { jsonTypes } from '../api/request/read-json-request.ts'
import type { SampleCall } from './recordings.ts'

/** @param origin where the service is, without a slash at its end */
export function curlExample(endpoint: Endpoint, call: SampleCall, origin: string): string {
  const { method, role } = endpoint
  const { key = role === 'admin' ? 'ADMIN_KEY' : 'APP_KEY', headers = {} } = call
  const sent = curlBody(endpoint, call)
  // What curl sends by itself with a body, and without one.
  const isImplied = method === (sent.length > 0 ? 'post' : 'get')
  const lines = [`curl -s ${addressOf(endpoint, call, origin)}`]
  if (!isImplied) lines[0] += ` -X ${method.toUpperCase()}`
  if (role !== 'none') lines.push(`-H "Authorization: Bearer $${key}"`)
  lines.push(...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`))
  const command = [...lines, ...sent, ...queryOf(endpoint, call)].join(' \\\n  ')
  return isPhotoInJson(endpoint, call) ? `${photosToJson(call)} | ${command}` : command
}

/** Where the body is the photo, with the other fields; in quotes then, since a shell takes ? and & for its own. */
function addressOf({ path }: Endpoint, { id = '', as, fields = {} }: SampleCall, origin: string) {
  const url = `${origin}${path.replace('{id}', id)}`
  const query = new URLSearchParams(Object.entries(fields).map(([k, v]) => [k, `${v}`]))
  return as === 'photo' && query.size > 0 ? `'${url}?${query}'` : url
}

/** Fields of an endpoint without a body, which go in the query. */
function queryOf({ body, json, lines }: Endpoint, { fields = {} }: SampleCall): string[] {
  if (body || json || lines) return []
  const given = Object.entries(fields).map(([name, value]) => `-d ${quoteField(name, `${value}`)}`)
  return given.length > 0 ? [`-G ${given.join(' ')}`] : []
}

function curlBody(endpoint: Endpoint, call: SampleCall): string[] {
  const { as, fields = {}, photos = {} } = call
  if (endpoint.lines) return [contentType(linesType), '--data-binary @people.ndjson']
  if (endpoint.json) return [contentType(jsonTypes[0]), `-d '${JSON.stringify(fields)}'`]
  if (!endpoint.body) return []
  if (isPhotoInJson(endpoint, call)) return [contentType(jsonTypes[0]), '-d @-']
  const files = Object.entries(photos).flatMap(([field, names]) =>
    names.map((file) => ({ field, file })),
  )
  if (as === 'photo') return [contentType('image/jpeg'), `--data-binary @${files[0]?.file}`]
  const texts = Object.entries(fields).map(([name, value]) => `-F ${quoteField(name, `${value}`)}`)
  const named = files.map(({ field, file }) => `-F ${field}=@${file}`)
  return [[...texts, ...named].join(' ')]
}

function quoteField(name: string, value: string): string {
  return /^[\w.:-]+$/.test(value) ? `${name}=${value}` : `'${name}=${value}'`
}

function contentType(type: string | undefined): string {
  return `-H "Content-Type: ${type}"`
}

function isPhotoInJson({ body }: Endpoint, { as }: SampleCall): boolean {
  return body !== undefined && as === 'json'
}

/** The body with photos in base64, as any shell makes it. */
function photosToJson({ fields = {}, photos = {} }: SampleCall): string {
  const files = Object.values(photos).flat()
  const body = JSON.stringify({
    ...fields,
    ...Object.fromEntries(Object.keys(photos).map((field) => [field, '%s'])),
  })
  const encoded = files.map((file) => `"$(base64 < ${file} | tr -d '\\n')"`)
  return [`printf '${body}'`, ...encoded].join(' \\\n  ')
}

export function clientExample({ operationId, path, body }: Endpoint, call: SampleCall): string {
  const { id, fields = {}, photos = {} } = call
  const input = [
    ...Object.entries(fields).map(([name, value]) => `${name}: ${printValue(value)}`),
    ...Object.keys(photos).map((field) => photoProperty(field, body?.many ?? false)),
  ]
  const given = [
    ...(path.includes('{id}') ? [printId(id)] : []),
    ...(input.length > 0 ? [`{ ${input.join(', ')} }`] : []),
  ]
  return `await facegate.${operationId}(${given.join(', ')})`
}

/** What the shell keeps in $SESSION, a program keeps in `session`. */
function printId(id = ''): string {
  return id.startsWith('$') ? id.slice(1).toLowerCase() : `'${id}'`
}

function printValue(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value}'` : `${value}`
}

function photoProperty(field: string, isMany: boolean): string {
  if (isMany) return 'images: [photo]'
  return field === 'image' ? 'image: photo' : `${field}: ${field}Photo`
}
