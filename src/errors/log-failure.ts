/**
 * One structured line per failure that whoever runs the service should know of: everything unexpected, and every expected
 * failure that is the service's fault (5xx). Only names and messages are logged: no photo, encoding or key, and nothing
 * of the request.
 */
import { errorTable } from './error-table.ts'
import { FaceError } from './face-error.ts'

/** A library's message may be long; its beginning says enough. */
const maxMessageLength = 300

export function logFailure(error: unknown, requestId: string): void {
  const code = error instanceof FaceError ? error.code : 'internal'
  if (errorTable[code].status < 500) return
  const cause =
    error instanceof Error && error.cause !== undefined ? describe(error.cause) : undefined
  console.error(JSON.stringify({ level: 'error', requestId, code, ...describe(error), cause }))
}

function describe(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: typeof error, message: '' }
  return { name: error.name, message: error.message.slice(0, maxMessageLength) }
}
