/**
 * A failure as an answer: application/problem+json (RFC 9457) with a stable code. An expected failure (`FaceError`) says
 * what its row of the error table says; anything else leaves as a bland `internal`, and only the log knows more.
 */

import { z } from '@hono/zod-openapi'
import { type ErrorCode, errorCodes, errorTable } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'

const imageOutcome = z
  .object({
    outcome: z
      .enum(['encoded', ...errorCodes])
      .openapi({ description: 'What happened to the photo: `encoded`, or why not.' }),
    detail: z.string().optional().openapi({ description: 'Why, unless it was encoded.' }),
  })
  .openapi('ImageOutcome')

export const problem = z
  .object({
    type: z.string().openapi({
      example: 'urn:facegate:error:no_face',
      description: 'The code as a URN; /docs lists them all.',
    }),
    title: z.string().openapi({
      example: errorTable.no_face.title,
      description: 'What the code means, always in the same words.',
    }),
    status: z
      .number()
      .int()
      .openapi({ example: errorTable.no_face.status, description: 'The HTTP status.' }),
    detail: z
      .string()
      .openapi({ description: 'What was wrong with this request, for the developer.' }),
    code: z
      .enum(errorCodes)
      .openapi({ example: 'no_face', description: 'Never changes its meaning: decide by this.' }),
    retryable: z.boolean().openapi({ description: 'Whether the same request may succeed later.' }),
    hint: z.string().openapi({ description: 'What the person holding the phone can do.' }),
    requestId: z.string().openapi({
      example: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
      description: 'Names this request in the log; also in the header X-Request-Id.',
    }),
    images: z.array(imageOutcome).optional().openapi({
      description:
        'Every photo of an enrollment that was refused for its photos, in the order sent.',
    }),
  })
  .openapi('Problem')

/** The `type` of a problem (RFC 9457): a name, not an address. /docs lists what each one means. */
export function problemType(code: ErrorCode): string {
  return `urn:facegate:error:${code}`
}

export function problemResponse(error: unknown, requestId: string): Response {
  const fault = error instanceof FaceError ? error : internal
  const { code, message, images, retryAfterSeconds } = fault
  const { status, title, retryable, hint } = errorTable[code]
  const body: z.output<typeof problem> = {
    type: problemType(code),
    title,
    status,
    detail: message,
    code,
    retryable,
    hint,
    requestId,
    ...(images && { images: [...images] }),
  }
  const headers = new Headers({ 'Content-Type': 'application/problem+json' })
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer')
  if (retryAfterSeconds !== undefined) {
    headers.set('Retry-After', `${Math.max(1, Math.ceil(retryAfterSeconds))}`)
  }
  return new Response(JSON.stringify(body), { status, headers })
}

const internal = new FaceError('internal', 'The request could not be answered.')
