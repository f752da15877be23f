/** The headers of answers, as /openapi.json describes them. Data only; the app and problem.ts set them. */
import type { ErrorInfo } from '../../errors/error-table.ts'

export interface HeaderContract {
  readonly description: string
  /** Its type is the header's: a number stands for a whole number. */
  readonly example: string | number
}

export type HeaderContracts = Readonly<Record<string, HeaderContract>>

/** What every answer carries, success and failure alike. */
export const headersOfEveryAnswer: HeaderContracts = {
  'X-Request-Id': {
    description: 'Names this request in the log.',
    example: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
  },
}

/** Headers that failures of a status also carry. */
export const headersOfStatus: Readonly<Partial<Record<ErrorInfo['status'], HeaderContracts>>> = {
  401: { 'WWW-Authenticate': { description: 'How to send a key.', example: 'Bearer' } },
  429: {
    'Retry-After': {
      description: 'How many seconds to wait before the next attempt.',
      example: 30,
    },
  },
}

/** As OpenAPI writes them. */
export function describeHeaders(contracts: HeaderContracts) {
  const described = Object.entries(contracts).map(([name, { description, example }]) => {
    const type = typeof example === 'number' ? ('integer' as const) : ('string' as const)
    return [name, { description, schema: { type, example } }] as const
  })
  return Object.fromEntries(described)
}
