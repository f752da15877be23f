/**
 * client/src/contract.ts: what the endpoints take and answer, as TypeScript without imports, from the OpenAPI document and so from
 * the schemas that check requests and answers. A test compares the file with this.
 */

import { join } from 'node:path'
import { describeApi } from '../../src/api/contract/openapi.ts'
import { asServed, type Operation, type Schema } from '../../src/api/contract/openapi-shape.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { errorCodes } from '../../src/errors/error-table.ts'
import { projectRoot } from '../front/project-root.ts'
import { printObject, printType } from './print-type.ts'

export const clientContractFile = join(projectRoot, 'client', 'src', 'contract.ts')

const intro = `/**
 * What the endpoints take and answer. Written by \`npm run write-docs\` from the schemas that check requests and
 * answers: change those, not this.
 */
`

export function describeClientContract(): string {
  const document = asServed(describeApi(endpoints))
  const codes = `export type ErrorCode =\n${errorCodes.map((code) => `  | '${code}'`).join('\n')}\n`
  const named = Object.entries(document.components.schemas)
  const taken = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).flatMap(describeFields),
  )
  return [intro, codes, ...[...named, ...taken].map(declare)].join('\n')
}

/** The fields of an operation beside photos and path: `VerifyFields`; none when it has none. */
function describeFields({
  operationId,
  parameters = [],
  requestBody,
}: Operation): [string, Schema][] {
  const body = requestBody?.content['application/json']?.schema
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const all =
    body?.properties ?? Object.fromEntries(query.map(({ name, schema }) => [name, schema]))
  const photos = new Set(photosOf(operationId))
  const fields = Object.entries(all).filter(([name]) => !photos.has(name))
  if (fields.length === 0) return []
  const name = `${operationId[0]!.toUpperCase()}${operationId.slice(1)}Fields`
  return [
    [name, { type: 'object', properties: Object.fromEntries(fields), required: body?.required }],
  ]
}

function photosOf(operationId: string): readonly string[] {
  const body = endpoints.find((endpoint) => endpoint.operationId === operationId)?.body
  return body ? [...body.photos, 'images'] : []
}

function declare([name, schema]: readonly [string, Schema]): string {
  const doc = schema.description ? `/** ${schema.description} */\n` : ''
  if (schema.type === 'object') return `${doc}export interface ${name} ${printObject(schema, '')}\n`
  const variants = schema.oneOf ?? schema.anyOf ?? []
  // As the formatter breaks lines: where a variant is an object without a name.
  const printed = variants.some(({ properties }) => properties)
    ? variants.map((variant) => `\n  | ${printType(variant, '    ')}`).join('')
    : ` ${printType(schema)}`
  return `${doc}export type ${name} =${printed}\n`
}
