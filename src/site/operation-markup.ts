/** One endpoint in the reference: what it takes, how to call it, what it answers and how it fails. */

import { linesType } from '../api/answer/stream-lines.ts'
import { type Endpoint, hasLines } from '../api/contract/endpoint.ts'
import { errorsOf } from '../api/contract/openapi.ts'
import type {
  Content,
  DescribedAnswer,
  OpenApi,
  Operation,
  Parameter,
} from '../api/contract/openapi-shape.ts'
import { byStatus, errorTable } from '../errors/error-table.ts'
import { clientExample, curlExample } from './call-examples.ts'
import { type Markup, markup, prose } from './prose.ts'
import { code, renderRecording } from './recorded-markup.ts'
import { failuresOf, type Recording, successesOf } from './recordings.ts'
import { type Field, fieldsOf, fieldTable, typeOf } from './schema-markup.ts'

export interface Described {
  readonly endpoint: Endpoint
  readonly operation: Operation
}

type Schemas = OpenApi['components']['schemas']

/** @param origin where the service is, without a slash at its end */
export function renderOperation(
  { endpoint, operation }: Described,
  { components }: OpenApi,
  origin: string,
): Markup {
  const { operationId, method, path, role } = endpoint
  const { summary, description = '' } = operation
  const answers = Object.entries(operation.responses).filter(([status]) => Number(status) < 400)
  const recordings = successesOf(operationId)
  const [first] = recordings
  const [failure] = failuresOf(operationId)
  const shown = (recording: Recording): Markup =>
    renderRecording(
      recording,
      recording === first ? null : { endpoint, origin },
      recording === first,
    )
  return markup`<article id="${operationId}">
<h3>${badge(method)} <code>${path}</code> <span class="role">${role === 'none' ? 'no key' : `key: ${role}`}</span></h3>
<p>${prose(summary)}${/[.?]$/.test(summary) ? '' : '.'} ${prose(description)}</p>
${renderInput(operation, components.schemas)}
${first && code(curlExample(endpoint, first, origin))}
${first && !hasLines(endpoint) && code(clientExample(endpoint, first))}
${answers.map(
  ([status, answer]) => markup`${renderAnswer(status, answer)}
${recordings.filter((recording) => `${recording.status}` === status).map(shown)}`,
)}
<h4>Errors</h4>
<ul class="codes">${byStatus(errorsOf(endpoint)).map(
    (name) =>
      markup`<li><a href="#${name}"><span>${errorTable[name].status}</span> ${name}</a></li>`,
  )}</ul>
${failure && renderRecording(failure, { endpoint, origin })}
</article>`
}

export function badge(method: string): Markup {
  return markup`<span class="method ${method}">${method.toUpperCase()}</span>`
}

function renderAnswer(
  status: string,
  { description, content = {}, headers = {} }: DescribedAnswer,
): Markup {
  const json = content['application/json']?.schema
  const line = content[linesType]?.schema
  const own = Object.entries(headers).filter(([name]) => name !== 'X-Request-Id')
  return markup`<h4>${status} ${description}</h4>
${own.map(([name, header]) => markup`<p>Header <code>${name}</code>: ${prose(header.description)}</p>`)}
${json && markup`<p>Gives ${typeOf(json)}.</p>`}
${line && markup`<p>Gives <code>${linesType}</code>, each line ${typeOf(line)}.</p>`}`
}

function renderInput(operation: Operation, schemas: Schemas): Markup {
  const { operationId, parameters = [], requestBody } = operation
  const content = requestBody?.content ?? {}
  const body = (content['multipart/form-data'] ?? content['application/json'])?.schema
  // With a raw body the fields of a form are in the query string; they are listed once.
  const apart = parameters.filter((parameter) => !body || parameter.in !== 'query')
  const fields = [...apart.map(asField), ...(body ? fieldsOf(body) : [])]
  return markup`${fields.length > 0 && fieldTable(`What ${operationId} takes`, fields, schemas)}
${requestBody && renderBody(content, requestBody.description ?? '')}`
}

function renderBody(content: Content, description: string): Markup {
  const types = Object.keys(content).map(
    (type, i) => markup`${i > 0 ? ', ' : ''}<code>${type}</code>`,
  )
  const line = content[linesType]?.schema
  const each = line ? markup`, each line ${typeOf(line)}` : ''
  return markup`<p class="types">Sent as ${types}${each}. ${prose(description)}</p>`
}

function asField({ in: place, name, schema, description, required = false }: Parameter): Field {
  if (place !== 'header') return { name, schema, isRequired: required }
  return { name, schema: { ...schema, description }, isRequired: required, isHeader: true }
}
