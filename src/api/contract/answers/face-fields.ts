/** A face in an answer: where it is, which way up, and how well the photo shows it. */

import { z } from '@hono/zod-openapi'

const pixels = (what: string) => z.number().openapi({ description: `${what}, in pixels.` })

export const box = z
  .object({
    x: pixels('Left edge'),
    y: pixels('Upper edge'),
    width: pixels('Width'),
    height: pixels('Height'),
  })
  .openapi('Box', {
    description: 'Where the face is in the upright photo. It may reach beyond the edge.',
  })

export const rotation = z.literal([0, 90, 180, 270]).openapi({
  enum: [0, 90, 180, 270],
  description: 'By how many degrees clockwise the photo was turned upright.',
})

export const face = z
  .object({ box, rotation })
  .openapi('Face', { description: 'The face that was used, and where it is.' })

export const quality = z
  .object({
    sharpness: z.number().openapi({ description: '0 to 1; 1 is sharp.' }),
    brightness: z.number().openapi({ description: '0 to 1: the mean luma of the face.' }),
    contrast: z.number().openapi({ description: '0 to 1: the deviation of the luma of the face.' }),
    yaw: z.number().openapi({ description: 'Degrees; above 0 the person looks to their left.' }),
    pitch: z.number().openapi({ description: 'Degrees; above 0 the person looks up.' }),
    roll: z
      .number()
      .openapi({ description: 'Degrees; above 0 the head leans clockwise in the photo.' }),
    faceSize: z.number().openapi({ description: 'Longer side of the face, in pixels.' }),
  })
  .openapi('Quality', { description: 'How well the photo shows the face.' })
