/** docs/errors.md, from the error table. A test compares the file with this, so that neither can change without the other. */

import { join } from 'node:path'
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
import { projectRoot } from '../weights/networks.ts'

export const errorDocsFile = join(projectRoot, 'docs', 'errors.md')

const intro = `# Errors

This page is written by \`npm run write-error-docs\` from \`src/error-table.ts\`; a test fails when it differs. A running Worker shows the same at \`/docs#errors\`.

Failures are \`application/problem+json\` (RFC 9457). Decide by \`code\`, which never changes its meaning; show \`hint\` to the
person with the phone; log \`requestId\`. \`detail\` is for whoever writes the caller, and its words may change. \`type\` is the code
as a URN, \`urn:facegate:error:<code>\`: it names the problem and is not to be fetched. "Not the same person" is an answer with
status 200 and no error.

**Retry** says whether the very same request may succeed later. Where it says no, something has to change first: the photo, the
request, the key, or what is enrolled.
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

/** Cells filled up with blanks, so that the source reads as a table too. */
function toTable([head, ...rows]: string[][]): string {
  const widths = head!.map((_, i) => Math.max(...[head!, ...rows].map((row) => row[i]!.length)))
  const rule = widths.map((width) => '-'.repeat(width))
  const lines = [head!, rule, ...rows].map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`,
  )
  return `${lines.join('\n')}\n`
}
