/**
 * The contract as a page: what /openapi.json says of each endpoint, derived from the same data and schemas that route,
 * check and answer its requests. Errors are listed per status with the codes that the endpoint can give.
 */

import { OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import manifest from '../../../package.json' with { type: 'json' }
import { type ErrorCode, errorCodes, errorTable, faceErrors } from '../../errors/error-table.ts'
import { photoFormatList } from '../../image/decode/formats.ts'
import { maxPhotoBytes } from '../../image/limits.ts'
import { describeHeaders, headersOfEveryAnswer, headersOfStatus } from '../answer/answer-headers.ts'
import { problem } from '../answer/problem.ts'
import { linesType } from '../answer/stream-lines.ts'
import { maxJsonPhotosBytes, maxPhotos } from '../request/limits.ts'
import { type PhotoInput, rawPhotoTypes, takesRawPhoto } from '../request/photo-input.ts'
import { jsonTypes } from '../request/read-json-request.ts'
import { type Endpoint, type LinesInput, tags } from './endpoint.ts'

const securityName = 'key'

const anywhere: readonly ErrorCode[] = ['not_configured', 'internal']
/** A live key of either role passes where `app` is asked for; the token of a session, only where it is for, and one that is over nowhere. */
const ofKey: readonly ErrorCode[] = ['unauthorized', 'session_over', 'forbidden', 'rate_limited']
const withRole: Readonly<Record<Endpoint['role'], readonly ErrorCode[]>> = {
  none: [],
  app: ofKey,
  admin: ofKey,
}
const withStore: readonly ErrorCode[] = ['store_unavailable']
/** Of a photo that cannot be read, whatever is in it. */
const withPhoto: readonly ErrorCode[] = [
  'invalid_request',
  ...errorCodes.filter((code) => errorTable[code].about === 'photo' && !faceErrors.includes(code)),
  'engine_unavailable',
]

const binary = z.string().openapi({ format: 'binary', description: 'The photo as a file.' })
const base64 = z.string().openapi({ description: 'The photo in base64, or as a base64 data URI.' })

export function describeApi(endpoints: readonly Endpoint[]) {
  const document = new OpenAPIHono()
  document.openAPIRegistry.registerComponent('securitySchemes', securityName, {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key of the role `app` or `admin`; `admin` may do all that `app` may. `/verify` and `/recognize` take the token of a session too.',
  })
  for (const endpoint of endpoints)
    document.openAPIRegistry.registerPath(describeEndpoint(endpoint))
  return document.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: manifest.name,
      version: manifest.version,
      description: manifest.description,
      license: { name: manifest.license },
    },
    servers: [{ url: '/', description: 'Where this document came from.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  })
}

/** Every code that an endpoint can answer with. */
export function errorsOf({ role, usesStore, body, errors }: Endpoint): ErrorCode[] {
  const keyed = withRole[role]
  const stored = usesStore ? withStore : []
  const ofPhoto = body ? withPhoto : []
  return [...new Set([...errors, ...ofPhoto, ...keyed, ...stored, ...anywhere])]
}

function describeEndpoint(endpoint: Endpoint): RouteConfig {
  const {
    operationId,
    method,
    path,
    role,
    tag,
    summary,
    description,
    pathFields,
    query,
    headers,
    body,
    json: jsonFields,
    lines,
  } = endpoint
  return {
    operationId,
    method,
    path,
    summary,
    description,
    tags: [tag],
    security: role === 'none' ? [] : [{ [securityName]: [] }],
    request: {
      params: pathFields,
      query: query ?? (body && takesRawPhoto(body) ? body.fields.partial() : undefined),
      headers,
      body:
        (body && describeBody(body)) ??
        (jsonFields && describeJson(jsonFields)) ??
        (lines && describeLines(lines)),
    },
    responses: { ...describeAnswers(endpoint), ...describeErrors(errorsOf(endpoint)) },
  }
}

/** OpenAPI has no word for a stream of lines: the schema is that of one. */
function describeLines({ description, line }: LinesInput): RequestBody {
  return { required: true, description, content: { [linesType]: { schema: line } } }
}

type RequestBody = NonNullable<NonNullable<RouteConfig['request']>['body']>

function describeBody(input: PhotoInput): RequestBody {
  const raw = takesRawPhoto(input) ? rawPhotoTypes : []
  return {
    required: true,
    description:
      `Photos as ${photoFormatList} of at most ${mebibytes(maxPhotoBytes)} each, ` +
      `${mebibytes(maxJsonPhotosBytes)} together in JSON.` +
      (raw.length > 0 ? ' With a raw body, the other fields go in the query string.' : ''),
    content: {
      'multipart/form-data': { schema: describePhotos(input, binary) },
      'application/json': { schema: describePhotos(input, base64) },
      ...Object.fromEntries(raw.map((type) => [type, { schema: binary }])),
    },
  }
}

function describeJson(fields: z.ZodObject) {
  const schema = fields.strict()
  return {
    required: true,
    description: 'The fields, as JSON.',
    content: Object.fromEntries(jsonTypes.map((type) => [type, { schema }])),
  }
}

function mebibytes(bytes: number): string {
  return `${bytes / 1024 ** 2} MiB`
}

/** The body as an object: the photo fields, of the kind given, beside the others. */
function describePhotos({ photos, many, fields }: PhotoInput, photo: z.ZodType): z.ZodObject {
  const strict = fields.strict()
  const list = z
    .array(photo)
    .min(1)
    .max(maxPhotos)
    .openapi({ description: `1 to ${maxPhotos} photos of one person.` })
  if (!many) return strict.extend(Object.fromEntries(photos.map((name) => [name, photo])))
  if (photo === binary) return strict.extend({ [photos[0]]: list })
  // One photo or several, never both.
  const oneOf = [photos[0], 'images'].map((name) => ({ required: [name] }))
  return strict
    .extend({ [photos[0]]: photo.optional(), images: list.optional() })
    .openapi({ oneOf })
}

function describeAnswers({ answers }: Endpoint): RouteConfig['responses'] {
  const described = Object.entries(answers).map(
    ([status, { description, headers, schema, line }]) => {
      const content = (schema && json(schema)) ?? (line && { [linesType]: { schema: line } })
      const described = describeHeaders({ ...headersOfEveryAnswer, ...headers })
      return [status, { description, headers: described, ...(content && { content }) }]
    },
  )
  return Object.fromEntries(described)
}

function json(schema: z.ZodType) {
  return { 'application/json': { schema } }
}

function describeErrors(codes: readonly ErrorCode[]): RouteConfig['responses'] {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status)
  const described = [...byStatus].map(([status, codesOfStatus]) => {
    const [first, ...others] = codesOfStatus
    const code = z
      .enum([first, ...others])
      .openapi({ description: 'Never changes its meaning: decide by this.' })
    const schema = problem.extend({ code })
    const headers = describeHeaders({ ...headersOfEveryAnswer, ...headersOfStatus[status] })
    const description = codesOfStatus
      .map((code) => `\`${code}\`: ${errorTable[code].title}.`)
      .join(' ')
    return [status, { description, headers, content: { 'application/problem+json': { schema } } }]
  })
  return Object.fromEntries(described)
}
