/** What is answered about the people who are enrolled. */

import { z } from '@hono/zod-openapi'
import { identityId, storedName } from '../../../people/person-fields.ts'
import { model } from './answer-fields.ts'
import { face, quality } from './face-fields.ts'

const identityFields = {
  identity: identityId,
  name: storedName.optional(),
  encodings: z.number().int().openapi({ description: 'How many encodings are stored.' }),
  model,
  otherModel: z.string().optional().openapi({
    description: 'The network of a second set of encodings, while the network is being changed.',
  }),
}

const expiresAt = z.iso
  .datetime()
  .optional()
  .openapi({ description: 'When the person is deleted; absent when they stay enrolled.' })

const dates = {
  createdAt: z.iso.datetime().openapi({ description: 'When the person was first enrolled.' }),
  updatedAt: z.iso
    .datetime()
    .openapi({ description: 'When the encodings or the name last changed.' }),
  expiresAt,
}

export const enrollmentAnswer = z
  .object({
    ...identityFields,
    images: z
      .array(
        z.object({
          outcome: z.literal('encoded').openapi({ description: 'What happened to the photo.' }),
          face,
          quality,
        }),
      )
      .openapi({ description: 'One entry per photo, in the order sent.' }),
    hint: z.string().optional().openapi({
      example:
        'Among 1,000 people a search does not find a person with one photo in 25 % of the cases, with 3 photos in 11 %: add photos of other days and other light.',
      description: 'What would make the person easier to find; absent when the photos suffice.',
    }),
    ...dates,
  })
  .openapi('Enrollment')

export const identityAnswer = z.object({ ...identityFields, ...dates }).openapi('Identity')

export const identityListAnswer = z
  .object({
    identities: z
      .array(z.object({ ...identityFields, expiresAt }))
      .openapi({ description: 'Sorted by the bytes of the identity.' }),
    cursor: z.string().optional().openapi({ description: 'Present when there is another page.' }),
  })
  .openapi('IdentityPage')

const walkCursor = z
  .string()
  .optional()
  .openapi({ description: 'Present when there are more people to go through.' })

export const reencryptAnswer = z
  .object({
    reencrypted: z.int().openapi({ description: 'How many people were encrypted again.' }),
    unreadable: z.array(identityId).openapi({
      description: 'People whose record cannot be read, and so was not encrypted again.',
    }),
    cursor: walkCursor,
  })
  .openapi('Reencryption')

export const pruneModelsAnswer = z
  .object({
    forgotten: z
      .int()
      .openapi({ description: 'How many people now have encodings of the running network only.' }),
    kept: z.array(identityId).openapi({
      description: 'People without encodings of the running network, who were left as they are.',
    }),
    cursor: walkCursor,
  })
  .openapi('ForgottenModels')
