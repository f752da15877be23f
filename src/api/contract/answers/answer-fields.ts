/** Fields that answers of several kinds have. */

import { z } from '@hono/zod-openapi'

export const model = z.string().openapi({
  example: 'dlib-resnet@4f1c2a90',
  description: 'The network and the hash of its weights.',
})

export const requestId = z.string().openapi({
  example: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
  description: 'Names this request in the log; also in the header X-Request-Id.',
})

export const toldTo = 'For keys of the role `admin`, and for others when DETAIL is `scores`.'

export const distance = z
  .number()
  .optional()
  .openapi({
    example: 0.309,
    description: `How far apart the faces are; 0 is the same photo. ${toldTo}`,
  })

export const threshold = z
  .number()
  .optional()
  .openapi({
    example: 0.55,
    description: `Largest distance that matches; stricter for a photo that is or may be spoilt, and at /verify where the others enrolled crowd the face. ${toldTo}`,
  })
