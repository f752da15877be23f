/** The outcome of each imported line, and the closing summary. One line of NDJSON each. */

import { z } from '@hono/zod-openapi'
import { type ErrorCode, errorCodes, errorTable } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'
import { logFailure } from '../../errors/log-failure.ts'
import { identityId } from '../person-fields.ts'

const line = z
  .int()
  .min(1)
  .openapi({ description: 'The number of the line in the body, from 1 on.' })

const storedOutcome = z.object({
  line,
  identity: identityId,
  outcome: z
    .enum(['created', 'replaced', 'unchanged'])
    .openapi({ description: 'What happened to the line.' }),
})

const refusedOutcome = z.object({
  line,
  identity: identityId
    .optional()
    .openapi({ description: 'Present when the line names a valid one.' }),
  outcome: z.literal('refused').openapi({ description: 'Nothing of the line was stored.' }),
  code: z.enum(errorCodes).openapi({ description: 'Why, as in a problem.' }),
  detail: z.string().openapi({ description: 'What was wrong with the line.' }),
  retryable: z.boolean().openapi({ description: 'The same line may succeed later.' }),
})

const closingOutcome = z.object({
  outcome: z.literal('finished').openapi({ description: 'The last line.' }),
  created: z.int().openapi({ description: 'How many people are new.' }),
  replaced: z.int().openapi({ description: 'How many people were replaced.' }),
  unchanged: z.int().openapi({ description: 'How many people were already stored like this.' }),
  refused: z.int().openapi({ description: 'How many lines were refused.' }),
  checksum: z.enum(['verified', 'wrong', 'missing']).openapi({
    description:
      'Whether the body has the checksum of its closing line. Acknowledged lines stay stored in any case.',
  }),
  problem: z.string().optional().openapi({ description: 'Why reading stopped before the end.' }),
})

export const importOutcome = z
  .union([storedOutcome, refusedOutcome, closingOutcome])
  .openapi('ImportOutcome')

export type LineOutcome = z.output<typeof storedOutcome> | z.output<typeof refusedOutcome>
export type ClosingOutcome = z.output<typeof closingOutcome>
export type ImportOutcome = LineOutcome | ClosingOutcome

export function formatOutcome(outcome: ImportOutcome): string {
  return `${JSON.stringify(outcome)}\n`
}

export function refused(
  at: { readonly line: number; readonly identity?: string },
  code: ErrorCode,
  detail: string,
): LineOutcome {
  const { retryable } = errorTable[code]
  return { ...at, outcome: 'refused', code, detail, retryable }
}

/** Anything but a FaceError is a service fault; details go to the log only. */
export function refusedFor(
  at: { readonly line: number; readonly identity: string },
  error: unknown,
  requestId: string,
): LineOutcome {
  logFailure(error, requestId)
  if (error instanceof FaceError) return refused(at, error.code, error.message)
  return refused(at, 'internal', 'The line could not be stored.')
}
