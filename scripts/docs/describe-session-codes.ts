/** What a session can answer, for docs/sessions.md: reasons of a `no_match`, and error codes, from the tables that the Worker answers by. */
import { errorsOf } from '../../src/api/contract/openapi.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { reasonCodes, reasons } from '../../src/decision/reasons.ts'
import { byStatus, errorTable } from '../../src/errors/error-table.ts'
import { toTable } from '../front/markdown-table.ts'

const failed = { near: 'no', no_match: 'yes' } as const

/** Each spends a try. */
export function describeSessionReasons(): string {
  const rows = reasonCodes.map((code) => {
    const { means, hint, counts } = reasons[code]
    return [`\`${code}\``, means, hint, failed[counts]]
  })
  return toTable([['`reason`', 'means', '`hint`', 'counts as a failed attempt'], ...rows])
}

/** Of every endpoint that opens, reads or takes a session. */
export function describeSessionErrors(): string {
  const theirs = endpoints.filter(
    ({ takesSession, tag }) => takesSession !== undefined || tag === 'sessions',
  )
  const codes = byStatus([...new Set(theirs.flatMap(errorsOf))])
  const rows = codes.map((code) => {
    const { status, title, retryable } = errorTable[code]
    return [`[\`${code}\`](errors.md#${code})`, `${status}`, title, retryable ? 'yes' : 'no']
  })
  return toTable([['code', 'status', 'means', 'retry'], ...rows])
}
