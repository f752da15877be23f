/** What the endpoints answer that look at a photo and change nothing. */

import { z } from '@hono/zod-openapi'
import { encodingLengths } from '../../../encoding/encoding.ts'
import { identityId } from '../../../people/person-fields.ts'
import { distance, model, requestId, toldTo } from './answer-fields.ts'
import {
  consistency,
  decided,
  hint,
  livenessLevel,
  photographed,
  presence,
  probed,
  reason,
  receipt,
  triesLeft,
  verdict,
} from './decision-fields.ts'
import { box, face, quality, rotation } from './face-fields.ts'

export const verifyAnswer = decided(
  { ...verdict, reason, hint, identity: identityId },
  { ...probed, livenessLevel, consistency, triesLeft: triesLeft.optional(), receipt },
).openapi('Verification')

export const recognizeAnswer = decided(
  {
    decision: z
      .enum(['match', 'no_match', 'ambiguous'])
      .openapi({ description: '`ambiguous` when two people are about equally near.' }),
    identity: identityId
      .optional()
      .openapi({ description: 'Who it is; present with `match` only.' }),
    distance: distance.openapi({
      description: `The distance to this person; present with \`match\` only. ${toldTo}`,
    }),
    candidates: z.array(z.object({ identity: identityId, distance })).openapi({
      description:
        'Everybody who is near enough, nearest first, each once. With the token of a session, only the match.',
    }),
  },
  {
    ...probed,
    consistency,
    triesLeft: triesLeft.optional(),
    receipt: receipt.optional().openapi({
      description: 'With the token of a session, for a match: a JWT like that of `/verify`.',
    }),
  },
).openapi('Recognition')

export const compareAnswer = decided(verdict, {
  left: photographed('left'),
  right: photographed('right'),
}).openapi('Comparison')

export const detectAnswer = z
  .object({
    faces: z
      .array(
        z.object({
          box,
          rotation,
          landmarks: z
            .array(z.tuple([z.number(), z.number()]))
            .openapi({ description: '68 points [x, y] in pixels of the upright photo.' }),
          score: z.number().openapi({ description: '0 to 1: how sure the detector is.' }),
          quality,
          ...presence,
        }),
      )
      .openapi({ description: 'Largest first; empty when the photo has no face.' }),
    requestId,
  })
  .openapi('Detection')

export const encodeAnswer = z
  .object({
    encoding: z.array(z.number()).min(encodingLengths.least).max(encodingLengths.most).openapi({
      description:
        'As many numbers as the network gives. Compare them only with encodings of the same model.',
    }),
    model,
    face,
    quality,
    requestId,
  })
  .openapi('Encoding')
