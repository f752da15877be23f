/**
 * The types for Hono's own client, src/client/hono.ts: every endpoint that takes JSON or nothing, from the OpenAPI document. An
 * import of people streams its body, which that client cannot, and is left out.
 */
import type { OpenApi, Operation, Schema } from '../src/api/openapi-shape.ts'
import { printType } from './print-type.ts'

const head = `/**
 * The service as \`hc\` of hono/client sees it: \`hc<FacegateApp>(url, { headers })\`. Types alone. Written by
 * \`npm run write-client-contract\` from the schemas that check requests and answers: change those, not this.
 */
import type { Hono } from 'hono'
`

export function describeHonoTypes({ paths, components }: OpenApi): string {
  const imported = Object.keys(components.schemas)
  const routes = Object.entries(paths).flatMap(([path, methods]) => {
    const calls = Object.entries(methods).filter(([, operation]) => takesJsonOrNothing(operation))
    const lines = calls.map(([method, operation]) => `    $${method}: ${describeCall(operation)}\n`)
    const route = path.replace(/\{(\w+)\}/g, ':$1')
    return lines.length === 0 ? [] : [`  '${route}': {\n${lines.join('')}  }\n`]
  })
  const statuses = new Set<number>()
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const status of Object.keys(operation.responses)) {
      if (Number(status) >= 400) statuses.add(Number(status))
    }
  }
  const body = routes.join('')
  const used = imported.filter((name) => new RegExp(`\\b${name}\\b`).test(`${body} Problem`))
  return (
    `${head}import type {\n${used
      .sort()
      .map((name) => `  ${name},\n`)
      .join('')}} from './contract.ts'\n\n` +
    `type Failure = ${[...statuses].sort((a, b) => a - b).join(' | ')}\n\n` +
    `/** What a call gives: its answer, or a problem with the status of its code. */\n` +
    `type Call<Input, Output, Status, Format extends string = 'json'> =\n` +
    `  | { input: Input; output: Output; outputFormat: Format; status: Status }\n` +
    `  | { input: Input; output: Problem; outputFormat: 'json'; status: Failure }\n\n` +
    `type Routes = {\n${body}}\n\n` +
    `export type FacegateApp = Hono<object, Routes>\n`
  )
}

function takesJsonOrNothing({ requestBody }: Operation): boolean {
  return requestBody === undefined || 'application/json' in requestBody.content
}

function describeCall({ parameters = [], requestBody, responses }: Operation): string {
  const json = requestBody?.content['application/json']?.schema
  const path = parameters.filter((parameter) => parameter.in === 'path')
  // With a JSON body the fields stand in it.
  const query = json ? [] : parameters.filter((parameter) => parameter.in === 'query')
  const header = parameters.filter((parameter) => parameter.in === 'header')
  const input = [
    ...(path.length > 0 ? [`param: ${textFields(path)}`] : []),
    ...(query.length > 0 ? [`query?: ${textFields(query)}`] : []),
    ...(header.length > 0 ? [`header?: ${textFields(header)}`] : []),
    ...(json ? [`json: ${printType(withoutDescriptions(json))}`] : []),
  ]
  const statuses = Object.keys(responses).filter((status) => Number(status) < 300)
  const content = responses[statuses[0]!]?.content ?? {}
  const answer = content['application/json']?.schema
  const [output, format] = answer
    ? [printType(answer), '']
    : 'application/x-ndjson' in content
      ? ['string', `, 'text'`]
      : ['null', `, 'body'`]
  return `Call<${input.length > 0 ? `{ ${input.join('; ')} }` : 'object'}, ${output}, ${statuses.join(' | ')}${format}>`
}

/** Whatever a URL or a header carries is text. */
function textFields(fields: readonly { readonly name: string; readonly required?: boolean }[]) {
  const named = fields.map(({ name, required }) => {
    const key = /^\w+$/.test(name) ? name : `'${name}'`
    return `${key}${required ? '' : '?'}: string`
  })
  return `{ ${named.join('; ')} }`
}

/** Also without saying that one of two fields is required. */
function withoutDescriptions({ description, oneOf, properties, ...rest }: Schema): Schema {
  if (properties === undefined) return { ...rest, ...(oneOf && { oneOf }) }
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, withoutDescriptions(field)]),
    ),
  }
}
