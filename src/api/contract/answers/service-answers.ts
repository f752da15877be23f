/** What the service says about itself: its health and its public keys. */

import { z } from '@hono/zod-openapi'
import { livenessPolicies } from '../../../decision/liveness.ts'
import { model } from './answer-fields.ts'

export const jwksAnswer = z
  .object({
    keys: z
      .array(
        z.object({
          kty: z.literal('OKP').openapi({ description: 'The type of the key.' }),
          crv: z.literal('Ed25519').openapi({ description: 'Its curve.' }),
          x: z.string().openapi({ description: 'The public key, in base64url.' }),
          kid: z.string().openapi({
            description: 'The name of the key, as in the header of the receipts that it signed.',
          }),
          alg: z
            .literal('EdDSA')
            .openapi({ description: 'The algorithm that the key signs with.' }),
          use: z.literal('sig').openapi({ description: 'What the key is for.' }),
        }),
      )
      .openapi({ description: 'Every key that may have signed a receipt that is still valid.' }),
  })
  .openapi('KeySet')

export const healthAnswer = z
  .object({
    ok: z.literal(true).openapi({ description: 'The built-in face was encoded as it should be.' }),
    network: z.string().openapi({ example: 'dlib-resnet', description: 'The encoder that runs.' }),
    model,
    calibrated: z
      .boolean()
      .openapi({ description: 'Whether its thresholds were measured, or one was set by hand.' }),
    fmr: z.number().optional().openapi({
      example: 0.001,
      description:
        'The false-match rate that is decided at unless a request asks for a stricter one.',
    }),
    liveness: z
      .object({
        policy: z.enum(livenessPolicies).openapi({ description: 'The setting LIVENESS.' }),
        model: z
          .string()
          .optional()
          .openapi({ example: 'mini-fasnet@0123abcd', description: 'The networks that score.' }),
        threshold: z
          .number()
          .optional()
          .openapi({ example: 0.3, description: 'The lowest score that counts as live.' }),
      })
      .openapi({
        description: 'What the service does about faces that may not be live.',
      }),
    version: z.string().openapi({ example: '0.1.0', description: 'The version of facegate.' }),
  })
  .openapi('Health')
