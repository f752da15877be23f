/** What is answered about sessions, their poses and challenges. */

import { z } from '@hono/zod-openapi'
import { errorCodes } from '../../../errors/error-table.ts'
import { sessionStatuses } from '../../../guard/session.ts'
import { askedPoses } from '../../../liveness/asked-poses.ts'
import { identityId } from '../../../people/person-fields.ts'
import {
  challengeToken,
  fmr,
  leastLevel,
  poseTelling,
  purpose,
  sessionId,
  sessionLiveness,
  sessionTries,
} from '../../request/fields.ts'
import { requestId } from './answer-fields.ts'
import { liveness, livenessLevel, reason, triesLeft } from './decision-fields.ts'

const sessionTerms = {
  identity: identityId.optional().openapi({
    description: 'Whom the photo must show; absent when the session is for nobody in particular.',
  }),
  purpose: purpose.optional(),
  fmr: fmr.optional(),
  liveness: sessionLiveness.optional(),
  poses: poseTelling.optional(),
  livenessLevel: leastLevel.optional(),
  tries: sessionTries,
  expiresAt: z.iso.datetime().openapi({ description: 'Until then the session may be open.' }),
}

export const posesAnswer = z
  .object({
    poses: z.array(z.enum(askedPoses)).openapi({
      example: ['ahead', 'left', 'up'],
      description:
        'What the person is to do, one after the other; `left` and `right` are their own. `ahead` comes first. Only those given so far.',
    }),
    complete: z.boolean().openapi({
      example: true,
      description:
        'Whether these are all poses, so that the photos may be sent. Otherwise announce the photo of the last one with `POST /poses/next`.',
    }),
    expiresAt: z.iso.datetime().openapi({
      description:
        'Until then the photos must arrive, or the photo of the last pose must be announced.',
    }),
    requestId,
  })
  .openapi('Poses')

export const openedSessionAnswer = z
  .object({
    session: sessionId,
    token: z.string().openapi({
      example: 'session.1.k1.q83vEjRWeJCrze8SNFZ4kA==',
      description:
        'For the phone, which sends it as `Authorization: Bearer <token>`. Keep no copy.',
    }),
    ...sessionTerms,
    requestId,
  })
  .openapi('OpenedSession')

export const sessionAnswer = z
  .object({
    session: sessionId,
    status: z.enum(sessionStatuses).openapi({
      description:
        '`open`: a photo may come, or is being compared. `matched`: a photo matched. `spent`: no try is left. `expired`: the time is over.',
    }),
    decision: z.enum(['match', 'no_match']).optional().openapi({
      description: 'The result of the session; absent while it is open. Final.',
    }),
    ...sessionTerms,
    identity: identityId.optional().openapi({
      description: 'Whom the photo must show, or whoever was recognized.',
    }),
    triesLeft,
    attempts: z
      .array(
        z.object({
          at: z.iso.datetime().openapi({ description: 'When the try ended.' }),
          requestId,
          decision: z
            .enum(['match', 'no_match', 'ambiguous'])
            .optional()
            .openapi({ description: 'What was decided; absent when nothing was compared.' }),
          reason,
          liveness: liveness.optional(),
          livenessLevel,
          code: z.enum(errorCodes).optional().openapi({
            description:
              'Why the photo could not be compared. Such a photo gives its try back, 20 times.',
          }),
        }),
      )
      .openapi({
        description:
          'The tries that ended, in order. One that was cut off is spent but not listed.',
      }),
    receipt: z.string().optional().openapi({
      description:
        'The receipt of the match, as the phone got it; valid for 60 seconds from the decision.',
    }),
    requestId,
  })
  .openapi('Session')

export const challengeAnswer = z
  .object({
    challenge: challengeToken,
    identity: identityId,
    expiresAt: z.iso.datetime().openapi({ description: 'Until then the challenge can be used.' }),
    requestId,
  })
  .openapi('Challenge')
