/** How an endpoint is called, as a line of curl and as a line of TypeScript with facegate/client. */

import { linesType } from '../api/answer/stream-lines.ts'
import type { Endpoint } from '../api/contract/endpoint.ts'
import type { Operation } from '../api/contract/openapi-shape.ts'
import { jsonTypes } from '../api/request/read-json-request.ts'

const exampleId = 'younes'

/** @param origin where the service is, without a slash at its end */
export function curlExample(endpoint: Endpoint, operation: Operation, origin: string): string {
  const { method, path, role, body } = endpoint
  const keyName = role === 'admin' ? 'ADMIN_KEY' : 'APP_KEY'
  const sent = curlBody(endpoint, operation)
  // What curl sends by itself with a body, and without one.
  const isImplied = method === (sent ? 'post' : 'get')
  const lines = [`curl -s ${origin}${path.replace('{id}', exampleId)}`]
  if (!isImplied) lines[0] += ` -X ${method.toUpperCase()}`
  if (role !== 'none') lines.push(`-H "Authorization: Bearer $${keyName}"`)
  if (sent && !body) lines.push(`-H "Content-Type: ${endpoint.lines ? linesType : jsonTypes[0]}"`)
  if (sent) lines.push(sent)
  return lines.join(' \\\n  ')
}

function curlBody(endpoint: Endpoint, operation: Operation): string | null {
  if (endpoint.lines) return '--data-binary @people.ndjson'
  const fields = exampleFields(operation)
  if (endpoint.json) return `-d '${JSON.stringify(Object.fromEntries(fields))}'`
  if (!endpoint.body) return null
  const photos = photoNames(endpoint).map(({ field, file }) => `-F ${field}=@${file}`)
  return [...fields.map(([name, value]) => `-F ${name}=${value}`), ...photos].join(' ')
}

export function clientExample(endpoint: Endpoint, operation: Operation): string {
  const { operationId, path, body } = endpoint
  const input = [
    ...exampleFields(operation).map(([name, value]) => `${name}: '${value}'`),
    ...(body?.many ? ['images: [photo]'] : (body?.photos ?? []).map(photoProperty)),
  ]
  const given = [
    ...(path.includes('{id}') ? [`'${exampleId}'`] : []),
    ...(input.length > 0 ? [`{ ${input.join(', ')} }`] : []),
  ]
  return `await facegate.${operationId}(${given.join(', ')})`
}

function photoProperty(name: string): string {
  return name === 'image' ? 'image: photo' : `${name}: ${name}Photo`
}

function photoNames({ body }: Endpoint) {
  if (!body) return []
  if (body.many) return [1, 2].map((i) => ({ field: body.photos[0]!, file: `${i}.jpg` }))
  return body.photos.map((field) => ({
    field,
    file: field === 'image' ? 'photo.jpg' : `${field}.jpg`,
  }))
}

/** What must be sent, by example; where nothing must, the first field that has one, unless photos are sent anyway. */
function exampleFields({ requestBody }: Operation): [name: string, value: string][] {
  const { 'multipart/form-data': form, 'application/json': json } = requestBody?.content ?? {}
  const { properties = {}, required = [] } = (form ?? json)?.schema ?? {}
  const given = Object.entries(properties).flatMap(([name, { example }]) =>
    example === undefined ? [] : [[name, String(example)] as [string, string]],
  )
  const needed = given.filter(([name]) => required.includes(name))
  return needed.length > 0 || form ? needed : given.slice(0, 1)
}
