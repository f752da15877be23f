/** docs/errors.md: every code with when it comes, what to show and what to do, from the error table. */
import { problemType } from '../../src/api/answer/problem.ts'
import { errorsOf } from '../../src/api/contract/openapi.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import {
  byStatus,
  type ErrorCode,
  type ErrorInfo,
  errorCodes,
  errorTable,
} from '../../src/errors/error-table.ts'
import { toTable } from '../front/markdown-table.ts'

const intro = `# Errors

Every way a request can fail, and what to do about it. A running Worker shows the same at \`/docs#errors\`. \`npm run write-docs\` writes this
page from \`src/errors/error-table.ts\`.

Failures are \`application/problem+json\` (RFC 9457). Decide by \`code\`, which never changes its meaning; show \`hint\` to the
person holding the phone; log \`requestId\`. \`detail\` is for the developer, and its words may change. \`type\` is the code as a URN,
\`urn:facegate:error:<code>\`: it names the problem and cannot be fetched. "Not the same person" is an answer with status 200, not an error.

**Retry** says whether the same request may succeed later. If not, something has to change first: the photo, the request, the key, or
what is enrolled.
`

/** The whole page. */
export function describeErrors(): string {
  const rows = codesByStatus().map((code) => {
    const { status, title, retryable } = errorTable[code]
    return [`[\`${code}\`](#${code})`, `${status}`, title, retryable ? 'yes' : 'no']
  })
  const overview = toTable([['code', 'status', 'means', 'retry'], ...rows])
  const sections = codesByStatus().map((code) => describeError(code, errorTable[code]))
  return [intro, overview, ...sections].join('\n')
}

function describeError(code: ErrorCode, info: ErrorInfo): string {
  const from = endpoints
    .filter((endpoint) => errorsOf(endpoint).includes(code))
    .map(({ method, path }) => `\`${method.toUpperCase()} ${path}\``)
  const where =
    from.length === endpoints.length
      ? 'every endpoint'
      : from.length === 0
        ? 'any path'
        : from.join(', ')
  return `## ${code}

**${info.status} ${info.title}.** Retry: ${info.retryable ? 'yes' : 'no'}. Type: \`${problemType(code)}\`.

- When: ${info.when}.
- Hint to the person: ${info.hint}
- What to do: ${info.advice}
- From: ${where}.
`
}

function codesByStatus(): ErrorCode[] {
  return byStatus(errorCodes)
}
