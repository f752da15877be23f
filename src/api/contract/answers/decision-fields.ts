/** What an answer says about a decision: by which threshold, how sure, why not, and the receipt of it. */

import { z } from '@hono/zod-openapi'
import { reasonCodes, reasons } from '../../../decision/reasons.ts'
import { livenessResults } from '../../../guard/session.ts'
import { livenessLevels } from '../../../liveness/judge-frames.ts'
import { fmr } from '../../request/fields.ts'
import { distance, model, requestId, threshold, toldTo } from './answer-fields.ts'
import { face, quality } from './face-fields.ts'

const calibrated = <Value extends boolean>(value: Value, description: string) =>
  z.literal(value).openapi({ description })

/**
 * An answer with a decision: by a threshold that has a measured rate of mistakes, or by one that has none. `verdict` comes
 * before the threshold, `rest` after it.
 */
export function decided<Verdict extends z.ZodRawShape, Rest extends z.ZodRawShape>(
  verdict: Verdict,
  rest: Rest,
) {
  return z.discriminatedUnion('calibrated', [
    z.object({
      ...verdict,
      threshold,
      calibrated: calibrated(true, 'The threshold was measured for `fmr`.'),
      fmr: fmr.openapi({
        description: 'The false-match rate that the threshold was measured for.',
      }),
      model,
      ...rest,
      requestId,
    }),
    z.object({
      ...verdict,
      threshold,
      calibrated: calibrated(
        false,
        'The threshold was set by hand; its false-match rate is unknown.',
      ),
      model,
      ...rest,
      requestId,
    }),
  ])
}

export const verdict = {
  decision: z
    .enum(['match', 'no_match'])
    .openapi({ description: '`match` when the distance is at most the threshold.' }),
  distance,
}

export const liveness = z.enum(livenessResults).openapi({
  description:
    'Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with ' +
    'LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is ' +
    '`likely_spoof` never matches.',
})

export const livenessLevel = z
  .enum(livenessLevels)
  .optional()
  .openapi({
    description:
      'With `active`: what showed that it is a live head. `relief`: its landmarks moved as those of a head. `one_take`: its pixels did too, ' +
      'and the photos agree as those of one take do.',
  })

const livenessScore = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .openapi({
    description: `0 to 1; 1 is live. Present when liveness was checked. Advisory: it was measured on drawings of attacks only. ${toldTo}`,
  })

export const presence = { liveness, livenessScore }

export const probed = { face, quality, ...presence }

export const photographed = (which: string) =>
  z.object(probed).openapi({ description: `The face in the ${which} photo.` })

const lenient = reasonCodes
  .filter((code) => reasons[code].counts === 'near')
  .map((code) => `\`${code}\``)
  .join(', ')

export const reason = z
  .enum(reasonCodes)
  .optional()
  .openapi({
    description: `Why the decision is \`no_match\`, where it is not the distance alone. ${reasonCodes
      .map((code) => `\`${code}\`: ${reasons[code].means}.`)
      .join(' ')} ${lenient} do not count as failed.`,
  })

export const hint = z.string().optional().openapi({
  description: 'What the person who holds the phone can do; present with `reason` only.',
})

export const receipt = z.string().openapi({
  example: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ5b3VuZXMifQ.bm90IHJlYWw',
  description:
    'A JWT that states the decision, valid for 60 seconds. Its public keys are at /.well-known/jwks.json.',
})

export const consistency = z.literal('edge').optional().openapi({
  description:
    'Present when the decision rests on copies alone, because the service runs with CONSISTENCY=edge: they may be a minute late, and no attempt is counted.',
})

export const triesLeft = z.int().openapi({
  example: 2,
  description: 'How many more photos of the session may be compared.',
})
