/**
 * npm run write-client-contract
 *
 * Writes src/client/contract.ts: what the endpoints take and answer, as TypeScript without imports, from the OpenAPI
 * document and so from the schemas that check requests and answers. A test compares the file with what this writes.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeApi } from '../src/api/openapi.ts'
import { asServed, nameOfRef, type Operation, type Schema } from '../src/api/openapi-shape.ts'
import { errorCodes } from '../src/api/problem.ts'
import { endpoints } from '../src/app.ts'
import { projectRoot } from './networks.ts'

export const clientContractFile = join(projectRoot, 'src', 'client', 'contract.ts')

const intro = `/**
 * What the endpoints take and answer. Written by \`npm run write-client-contract\` from the schemas that check requests and
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
    ? variants.map((variant) => `\n  | ${print(variant, '    ')}`).join('')
    : ` ${print(schema, '')}`
  return `${doc}export type ${name} =${printed}\n`
}

function print(schema: Schema, indent: string): string {
  const { $ref, type, items, prefixItems, allOf } = schema
  if ($ref !== undefined) return nameOfRef($ref)
  if (schema.enum) return printLiterals(schema.enum)
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return variants.map((variant) => print(variant, indent)).join(' | ')
  if (Array.isArray(type))
    return type.map((one) => print({ ...schema, type: one }, indent)).join(' | ')
  if (allOf) return allOf.map((part) => print(part, indent)).join(' & ')
  switch (type) {
    case 'object':
      return printObject(schema, indent)
    case 'array':
      if (prefixItems)
        return `readonly [${prefixItems.map((item) => print(item, indent)).join(', ')}]`
      return `readonly ${parenthesise(print(items!, indent))}[]`
    case 'integer':
      return 'number'
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type
    default:
      throw new Error(`no TypeScript is known for ${JSON.stringify(schema)}`)
  }
}

function printObject({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const doc = schema.description ? `${inner}/** ${schema.description} */\n` : ''
    const optional = required.includes(name) ? '' : '?'
    return `${doc}${inner}readonly ${name}${optional}: ${print(schema, inner)}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

function printLiterals(values: readonly (string | number | boolean)[]): string {
  const everyCode = errorCodes.every((code) => values.includes(code))
  const codes: readonly unknown[] = everyCode ? errorCodes : []
  const others = values.filter((value) => !codes.includes(value))
  const literals = others.map((value) => (typeof value === 'string' ? `'${value}'` : `${value}`))
  return [...literals, ...(everyCode ? ['ErrorCode'] : [])].join(' | ')
}

function parenthesise(type: string): string {
  return /^\w+$/.test(type) || type.startsWith('{') ? type : `(${type})`
}

if (import.meta.main) await writeFile(clientContractFile, describeClientContract())
