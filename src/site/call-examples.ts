/** How an endpoint is called, as a line of curl and as a line of TypeScript with facegate/client. */
import type { Endpoint } from '../api/endpoint.ts'
import type { Operation } from '../api/openapi-shape.ts'

const exampleId = 'younes'

/** @param origin where the service is, without a slash at its end */
export function curlExample(endpoint: Endpoint, operation: Operation, origin: string): string {
  const { method, path, role } = endpoint
  const keyName = role === 'admin' ? 'ADMIN_KEY' : 'APP_KEY'
  const lines = [`curl -s ${origin}${path.replace('{id}', exampleId)}`]
  if (method !== (endpoint.body ? 'post' : 'get')) lines[0] += ` -X ${method.toUpperCase()}`
  if (role !== 'none') lines.push(`-H "Authorization: Bearer $${keyName}"`)
  const fields = requiredFields(operation).map(([name, value]) => `-F ${name}=${value}`)
  const photos = photoNames(endpoint).map(({ field, file }) => `-F ${field}=@${file}`)
  if (endpoint.body) lines.push([...fields, ...photos].join(' '))
  return lines.join(' \\\n  ')
}

export function clientExample(endpoint: Endpoint, operation: Operation): string {
  const { operationId, path, body } = endpoint
  const input = [
    ...requiredFields(operation).map(([name, value]) => `${name}: '${value}'`),
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

/** What must go with the photos, by example. */
function requiredFields({ requestBody }: Operation): [name: string, value: string][] {
  const schema = requestBody?.content['multipart/form-data']?.schema
  const { properties = {}, required = [] } = schema ?? {}
  return required.flatMap((name) => {
    const { example } = properties[name] ?? {}
    return example === undefined ? [] : [[name, String(example)] as [string, string]]
  })
}
