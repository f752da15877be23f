/** Reads a request whose body is a JSON object with the fields of an endpoint, and no photo. */

import type { z } from '@hono/zod-openapi'
import { invalidRequest } from '../../errors/face-error.ts'
import { parseHeaderValue } from '../../lib/header-value.ts'
import { readBody } from './body/read-body.ts'
import { parseJsonObject } from './json/json-object.ts'
import { maxJsonBytes } from './limits.ts'
import { parseFields, readQuery } from './parse-fields.ts'

/** The second one says that `null` removes a field (RFC 7396), which is true of the first here too. */
export const jsonTypes = ['application/json', 'application/merge-patch+json'] as const

/** Throws `invalid_request` that names every field at fault. */
export async function readJsonRequest<Fields extends z.ZodObject>(
  request: Request,
  fields: Fields,
): Promise<z.output<Fields>> {
  const type = parseHeaderValue(request.headers.get('content-type') ?? '')?.value
  if (!jsonTypes.some((known) => known === type)) {
    throw invalidRequest(`Content-Type: expected one of ${jsonTypes.join(', ')}`)
  }
  const [name] = readQuery(request).keys()
  if (name !== undefined) throw invalidRequest('expected all fields in the body, none in the query')
  const body = await readBody(request, maxJsonBytes, tooLong)
  return parseFields(fields, parseJsonObject(body))
}

function tooLong(maxBytes: number) {
  return invalidRequest(`body: expected at most ${maxBytes} bytes`)
}
