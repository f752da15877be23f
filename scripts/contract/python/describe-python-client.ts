/**
 * The contract as a client for Python: one file without packages, a method an operation, a TypedDict an answer. Beside what is made
 * here of the OpenAPI document it holds connection.py, which sends.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenApi, Operation, Schema } from '../../../src/api/contract/openapi-shape.ts'
import { printPythonType, printTypedDict } from './print-python-type.ts'

const connection = readFileSync(join(import.meta.dirname, 'connection.py'), 'utf8')
const formType = 'multipart/form-data'
const jsonType = 'application/json'

/** An argument of a method, and where its value goes. */
interface Argument {
  /** As the service calls it. */
  readonly field: string
  readonly place: 'path' | 'query' | 'header' | 'form' | 'photo' | 'photos' | 'json' | 'lines'
  readonly schema: Schema
  readonly isRequired: boolean
}

export function describePythonClient(document: OpenApi): string {
  const schemas = Object.entries(document.components.schemas)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const methods = operations.map(({ path, method, operation }) =>
    describeMethod(path, method, operation),
  )
  return [
    connection.replace('VERSION', document.info.version),
    ...schemas.map(([name, schema]) => printTypedDict(name, schema)),
    `class Facegate(Connection):\n    """One method an operation of the service."""\n`,
    ...methods,
  ].join('\n\n')
}

function describeMethod(path: string, method: string, operation: Operation): string {
  const { operationId, summary, description } = operation
  const found = argumentsOf(operation)
  const needed = found.filter(({ isRequired }) => isRequired)
  const optional = found.filter(({ isRequired }) => !isRequired)
  const signature = [
    'self',
    ...needed.map((argument) => `${pythonName(argument.field)}: ${typeOf(argument)}`),
    ...(optional.length > 0 ? ['*'] : []),
    ...optional.map(
      (argument) => `${pythonName(argument.field)}: ${typeOf(argument)} | None = None`,
    ),
  ]
  const answer = answerOf(operation)
  const fill = (place: Argument['place']) =>
    `{${found
      .filter((argument) => argument.place === place)
      .map(({ field }) => `"${field}": ${pythonName(field)}`)
      .join(', ')}}`
  const parts = (['query', 'header', 'form', 'json'] as const)
    .filter((place) => found.some((argument) => argument.place === place))
    .map((place) => `${place}=${fill(place)}`)
  const photos = found
    .filter(({ place }) => place === 'photo' || place === 'photos')
    .map(({ field, place }) => {
      const name = pythonName(field)
      return place === 'photos' ? `*(("image", each) for each in ${name})` : `("${field}", ${name})`
    })
  const call = [
    `"${method.toUpperCase()}"`,
    pathOf(path),
    ...parts,
    ...(photos.length > 0 ? [`photos=[${photos.join(', ')}]`] : []),
    ...(found.some(({ place }) => place === 'lines') ? ['lines=lines'] : []),
  ]
  const text = [`${summary}${/[.?]$/.test(summary) ? '' : '.'}`, description]
    .filter(Boolean)
    .join(' ')
  return [
    `    def ${pythonName(operationId)}(${signature.join(', ')}) -> ${answer}:`,
    `        """${text.replaceAll('\\', '\\\\').replaceAll('"""', "'''")}"""`,
    `        return self._ask(${call.join(', ')})`,
    '',
  ].join('\n')
}

function argumentsOf({ parameters = [], requestBody }: Operation): Argument[] {
  const content = requestBody?.content ?? {}
  const form = content[formType]?.schema
  const json = content[jsonType]?.schema
  const body = form ?? json
  const inBody = Object.entries(body?.properties ?? {}).map(([field, schema]): Argument => {
    const isRequired = body?.required?.includes(field) ?? false
    const isMany = schema.type === 'array' && schema.items?.format === 'binary'
    if (isMany) return { field: 'images', place: 'photos', schema, isRequired: true }
    const isPhoto = schema.format === 'binary'
    return { field, place: isPhoto ? 'photo' : form ? 'form' : 'json', schema, isRequired }
  })
  // With a form, fields travel in it; in the query only when the body is the photo itself.
  const others = parameters
    .filter(({ in: place }) => place !== 'query' || form === undefined)
    .map((parameter): Argument => {
      const { name: field, in: place, schema, required = false } = parameter
      return { field, place: place as 'path' | 'query' | 'header', schema, isRequired: required }
    })
  const lines: Argument[] =
    'application/x-ndjson' in content
      ? [{ field: 'lines', place: 'lines', schema: { type: 'string' }, isRequired: true }]
      : []
  return [...others, ...lines, ...inBody]
}

function typeOf({ place, schema }: Argument): string {
  if (place === 'photo') return 'Photo'
  if (place === 'photos') return 'Iterable[Photo]'
  return printPythonType(schema)
}

function answerOf({ responses }: Operation): string {
  const good = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  const content = good?.content ?? {}
  if ('application/x-ndjson' in content) return 'str'
  const schema = content[jsonType]?.schema
  return schema === undefined ? 'None' : printPythonType(schema)
}

function pathOf(path: string): string {
  const filled = path.replaceAll(
    /\{(\w+)\}/g,
    (_, field) => `{quote(${pythonName(field)}, safe='')}`,
  )
  return filled === path ? `"${path}"` : `f"${filled}"`
}

/** snake_case; a header loses its dashes. */
function pythonName(name: string): string {
  return name
    .replaceAll('-', '_')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
