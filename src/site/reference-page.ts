/**
 * GET /docs: the contract as a page to read, made from the same endpoints and schemas that check the requests, with recorded
 * answers. Plain HTML that is whole without its script; nothing is fetched, and the Content-Security-Policy names the hashes of
 * the one style and the one script. Pure.
 */

import { raw } from 'hono/html'
import { problemType } from '../api/answer/problem.ts'
import type { Endpoint } from '../api/contract/endpoint.ts'
import { errorsOf } from '../api/contract/openapi.ts'
import type { OpenApi, Schema } from '../api/contract/openapi-shape.ts'
import { byStatus, type ErrorCode, errorTable } from '../errors/error-table.ts'
import { photoFormatList } from '../image/decode/formats.ts'
import { badge, renderOperation } from './operation-markup.ts'
import { type Markup, markup, prose, table } from './prose.ts'
import { type RunningModel, renderRates } from './rates-markup.ts'
import { code, renderRecording } from './recorded-markup.ts'
import { cut, failureWith, recordedModel, recordedVersion } from './recordings.ts'
import { fieldsOf, fieldTable, typeOf } from './schema-markup.ts'

export interface ReferenceInput {
  readonly endpoints: readonly Endpoint[]
  readonly document: OpenApi
  /** Where the service was asked, for the examples: `https://facegate.example`. */
  readonly origin: string
  /** Undefined where nobody can say what runs. */
  readonly running: RunningModel | undefined
  /** CSS and JavaScript, as their hashes in the policy were computed from. */
  readonly style: string
  readonly script: string
}

export function renderReference(input: ReferenceInput): string {
  const { endpoints, document, origin, running, style, script } = input
  const { info, tags } = document
  const described = endpoints.map((endpoint) => ({
    endpoint,
    operation: document.paths[endpoint.path]![endpoint.method]!,
  }))
  const groups = tags.map((tag) => ({
    ...tag,
    members: described.filter(({ operation }) => operation.tags.includes(tag.name)),
  }))
  const navigation = markup`<ul>
<li><a href="#calling">Calling it</a></li>
${groups.map(
  ({ name, members }) =>
    markup`<li><a href="#${name}">${groupTitle(name)}</a><ul>${members.map(
      ({ endpoint }) =>
        markup`<li><a href="#${endpoint.operationId}">${badge(endpoint.method)} <span>${breakable(endpoint.path)}</span></a></li>`,
    )}</ul></li>`,
)}
<li><a href="#errors">Errors</a></li>
<li><a href="#schemas">Schemas</a></li>
</ul>`
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API ${info.version}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><p class="brand"><a href="/">${info.title}</a> <span>API ${info.version}</span></p>
<p class="links"><a href="/">Try it</a> <a href="/admin">People</a> <a href="/openapi.json">openapi.json</a></p></header>
<div class="page">
<nav aria-label="Contents"><details class="menu"><summary>Contents</summary>${navigation}</details>
<div class="side">${navigation}</div></nav>
<main id="content">
<h1>${info.title} API</h1>
<p class="lead">${info.description}</p>
${calling(origin, running)}
${groups.map(
  ({ name, description, members }) => markup`<section id="${name}"><h2>${groupTitle(name)}</h2>
<p>${prose(description ?? '')}</p>
${members.map((member) => renderOperation(member, document, origin))}</section>`,
)}
${renderErrors(endpoints)}
${renderSchemas(document)}
</main></div>
<script type="module">${raw(script)}</script>
</body>
</html>`
  return `${page}`
}

/** A path that may go on in the next line after a slash. */
function breakable(path: string): Markup[] {
  return path.split('/').map((part, i) => (i === 0 ? markup`${part}` : markup`/<wbr>${part}`))
}

function groupTitle(tag: string): string {
  return tag === 'admin' ? 'Who is enrolled' : 'Faces'
}

function calling(origin: string, running: RunningModel | undefined): Markup {
  const example = `import { createClient } from 'facegate-client'\n\nconst facegate = createClient({ url: '${origin}', key: process.env.APP_KEY })`
  const isRecorded = running === undefined || running.model === recordedModel
  const otherRuns = isRecorded
    ? ''
    : ` Here \`${running.model}\` runs, so distances and thresholds differ.`
  return markup`<section id="calling"><h2>Calling it</h2>
<p><strong>Keys.</strong> ${prose('Every request but `/health` and the pages carries `Authorization: Bearer <key>`. A key of the role `admin` may do all that `app` may. Keys belong on your backend; none is ever taken from a URL.')}</p>
<p><strong>Photos</strong> ${prose(`are ${photoFormatList}. Send one as a file field of \`multipart/form-data\`, as the body itself with the other fields in the query string, or as base64 in JSON. The three give the same result.`)}</p>
<p><strong>Failures</strong> ${prose('are `application/problem+json`: decide by `code`, show `hint` to the person, log `requestId`.')} <a href="#errors">All codes</a>. "Not the same person" is an answer with status 200.</p>
<p><strong>In TypeScript</strong>, the examples below go on from here:</p>
${code(example)}
${running && renderRates(running)}
<p><strong>The answers below</strong> ${prose(`are real: facegate ${recordedVersion} gave them about the sample people that \`npm start\` enrolls, with the network \`${recordedModel}\`.${otherRuns} What was cut ends in \`${cut.text}\`. Request ids, times and checksums were replaced. \`npm run setup\` puts the photos into \`build/samples\`.`)}</p></section>`
}

function renderErrors(endpoints: readonly Endpoint[]): Markup {
  const codes = byStatus(Object.keys(errorTable) as ErrorCode[])
  const overview = table(
    'All error codes',
    ['code', 'status', 'means', 'retry'],
    codes.map((code) => {
      const { status, title, retryable } = errorTable[code]
      return [markup`<a href="#${code}">${code}</a>`, status, title, retryable ? 'yes' : 'no']
    }),
    'overview',
  )
  return markup`<section id="errors"><h2>Errors</h2>
<p>${prose('`type` is the code as a URN, `urn:facegate:error:<code>`; each has its entry here. Retry says whether the very same request may succeed later.')}</p>
${overview}
${codes.map((code) => renderError(code, endpoints))}</section>`
}

function renderError(name: ErrorCode, endpoints: readonly Endpoint[]): Markup {
  const { status, title, hint, retryable } = errorTable[name]
  const { when, advice } = errorTable[name]
  const recorded = failureWith(name)
  const from = endpoints.filter((endpoint) => errorsOf(endpoint).includes(name))
  return markup`<article class="error" id="${name}">
<h3><code>${name}</code> <span class="role">${status}</span></h3>
<p><strong>${title}.</strong> <code>${problemType(name)}</code></p>
<dl>
<dt>When</dt><dd>${prose(when)}</dd>
<dt>Retry</dt><dd>${retryable ? 'yes, the same request may succeed later' : 'no, not as it is'}</dd>
<dt>Hint to the person</dt><dd>${prose(hint)}</dd>
<dt>What to do</dt><dd>${prose(advice)}</dd>
${recorded && markup`<dt>Recorded</dt><dd>${renderRecording(recorded, null)}</dd>`}
<dt>From</dt><dd>${from.length === 0 || from.length === endpoints.length ? 'anywhere' : from.map(({ operationId }, i) => markup`${i > 0 ? ', ' : ''}<a href="#${operationId}">${operationId}</a>`)}</dd>
</dl></article>`
}

function renderSchemas({ components }: OpenApi): Markup {
  const { schemas } = components
  return markup`<section id="schemas"><h2>Schemas</h2>
${Object.entries(schemas).map(
  ([name, schema]) => markup`<article id="schema-${name}"><h3><code>${name}</code></h3>
<p>${prose(schema.description ?? '')}</p>
${describeFields(name, schema, schemas)}</article>`,
)}</section>`
}

/** Fields, or the schemas that it is one of. */
function describeFields(
  name: string,
  schema: Schema,
  schemas: OpenApi['components']['schemas'],
): Markup {
  const variants = schema.oneOf ?? schema.anyOf ?? []
  if (!variants.some(({ $ref }) => $ref)) {
    return fieldTable(`Fields of ${name}`, fieldsOf(schema), schemas)
  }
  return markup`<p>One of ${variants.map((variant, i) => markup`${i > 0 ? ', ' : ''}${typeOf(variant)}`)}.</p>`
}
