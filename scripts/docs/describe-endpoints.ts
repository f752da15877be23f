/** The endpoints as a table: what each takes and is for. */
import type { Endpoint } from '../../src/api/contract/endpoint.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { maxPhotos } from '../../src/api/request/limits.ts'
import { toTable } from '../front/markdown-table.ts'

/** Those that the app itself serves, and no endpoint. */
const pages = [
  [
    '`GET /openapi.json`',
    'none',
    '',
    'This contract, from the schemas that check requests and answers.',
  ],
  ['`GET /docs`', 'none', '', 'The same as a page: endpoints, schemas, every error code.'],
  ['`GET /admin`', 'none', '', 'A page to manage people with the admin key.'],
  ['`GET /`', 'none', '', 'A page to try it: photo or camera, key, answer drawn on the photo.'],
]

export function describeEndpoints(): string {
  const rows = endpoints.map((endpoint) => [
    `\`${endpoint.method.toUpperCase()} ${endpoint.path}\``,
    endpoint.role,
    takes(endpoint),
    endpoint.summary,
  ])
  return toTable([['method and path', 'role', 'takes', 'is for'], ...rows, ...pages])
}

function takes({ body, json, lines, query }: Endpoint): string {
  const photos = body?.photos.map((name) =>
    body.many ? `1 to ${maxPhotos} \`${name}\`` : `\`${name}\``,
  )
  const shapes = [body?.fields.shape, json?.shape, query?.shape].map((shape) =>
    Object.entries(shape ?? {}),
  )
  const fields = shapes.flat().map(([name, type]) => {
    const isOptional =
      'isOptional' in type && typeof type.isOptional === 'function' && type.isOptional()
    return `\`${name}\`${isOptional ? '?' : ''}`
  })
  return [...(photos ?? []), ...(lines ? ['lines of NDJSON'] : []), ...fields].join(', ')
}
