/**
 * What the endpoints answer. Each schema is written once: it describes the answer in /openapi.json, and every answer is
 * passed through it on its way out, so that a number that is not finite or a field that nobody announced never leaves.
 */
import { z } from '@hono/zod-openapi'
import { livenessPolicies } from '../decision/liveness.ts'
import { encodingLength } from '../identity/compare.ts'
import { fmr, identityId, personName } from './fields.ts'

const box = z
  .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
  .openapi('Box', { description: 'Pixels of the upright photo; x, y is the top left corner.' })

const rotation = z.literal([0, 90, 180, 270]).openapi({
  enum: [0, 90, 180, 270],
  description: 'Degrees clockwise that the photo had to be turned.',
})

const face = z.object({ box, rotation }).openapi('Face')

const quality = z
  .object({
    sharpness: z.number().openapi({ description: '0 to 1, 1 is sharp.' }),
    brightness: z.number().openapi({ description: '0 to 1, mean luma of the face.' }),
    contrast: z.number().openapi({ description: '0 to 1, deviation of the luma of the face.' }),
    yaw: z.number().openapi({ description: 'Degrees; positive looks to their left.' }),
    pitch: z.number().openapi({ description: 'Degrees; positive looks up.' }),
    roll: z.number().openapi({ description: 'Degrees; positive leans clockwise in the photo.' }),
    faceSize: z.number().openapi({ description: 'Longer side of the face in pixels.' }),
  })
  .openapi('Quality')

const photographed = z.object({ face, quality })

const model = z
  .string()
  .openapi({ example: 'dlib-resnet@4f1c2a90', description: 'Network and weights hash.' })

const requestId = z.string().openapi({ example: '01KAVQ6Z4R8M3N5T7W9XBCDFGH' })

const distance = z.number().openapi({ example: 0.309, description: 'L2; 0 is the same photo.' })

const threshold = z
  .number()
  .openapi({ example: 0.55, description: 'Largest distance that matches.' })

/**
 * An answer with a decision: by a threshold that has a measured rate of mistakes, or by one that has none. `verdict` comes
 * before the threshold, `rest` after it.
 */
function decided<Verdict extends z.ZodRawShape, Rest extends z.ZodRawShape>(
  verdict: Verdict,
  rest: Rest,
) {
  return z.discriminatedUnion('calibrated', [
    z.object({
      ...verdict,
      threshold,
      calibrated: z.literal(true),
      fmr,
      model,
      ...rest,
      requestId,
    }),
    z.object({ ...verdict, threshold, calibrated: z.literal(false), model, ...rest, requestId }),
  ])
}

const verdict = { decision: z.enum(['match', 'no_match']), distance }
const liveness = z.enum(['not_checked', 'likely_live', 'likely_spoof']).openapi({
  description:
    'Whether the face looks live, as opposed to a photo of a photo or of a screen. `not_checked` unless the service runs ' +
    'with LIVENESS=advise or require. With `require` a face that is `likely_spoof` never matches.',
})
const livenessScore = z.number().min(0).max(1).optional().openapi({
  description: '0 to 1, 1 is live; present when it was checked. Advisory: not measured on attacks.',
})
const presence = { liveness, livenessScore }
const probed = { face, quality, ...presence }

export const verifyAnswer = decided({ ...verdict, identity: identityId }, probed).openapi(
  'Verification',
)

export const recognizeAnswer = decided(
  {
    decision: z.enum(['match', 'no_match', 'ambiguous']),
    identity: identityId.optional().openapi({ description: 'Who it is; only with a match.' }),
    distance: distance.optional().openapi({ description: 'To this person; only with a match.' }),
    candidates: z
      .array(z.object({ identity: identityId, distance }))
      .openapi({ description: 'Who is near enough, nearest first, each once; nobody else.' }),
  },
  probed,
).openapi('Recognition')

export const compareAnswer = decided(verdict, {
  left: photographed.extend(presence),
  right: photographed.extend(presence),
}).openapi('Comparison')

export const detectAnswer = z
  .object({
    faces: z.array(
      z.object({
        box,
        rotation,
        landmarks: z
          .array(z.tuple([z.number(), z.number()]))
          .openapi({ description: '68 points [x, y] in pixels of the upright photo.' }),
        score: z.number().openapi({ description: '0 to 1, how sure the detector is.' }),
        quality,
        ...presence,
      }),
    ),
    requestId,
  })
  .openapi('Detection')

export const encodeAnswer = z
  .object({ encoding: z.array(z.number()).length(encodingLength), model, face, quality, requestId })
  .openapi('Encoding')

const identityFields = {
  identity: identityId,
  name: personName.optional(),
  encodings: z.number().int().openapi({ description: 'How many are stored; never what.' }),
  model,
  otherModel: z.string().optional().openapi({
    description: 'Of encodings beside these, while the network is being changed.',
  }),
}

const dates = { createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() }

export const enrolmentAnswer = z
  .object({
    ...identityFields,
    images: z
      .array(z.object({ outcome: z.literal('encoded'), face, quality }))
      .openapi({ description: 'One entry a photo, in the order sent.' }),
    ...dates,
  })
  .openapi('Enrolment')

export const identityAnswer = z.object({ ...identityFields, ...dates }).openapi('Identity')

export const identityListAnswer = z
  .object({
    identities: z.array(z.object(identityFields)),
    cursor: z.string().optional().openapi({ description: 'Present when there is another page.' }),
  })
  .openapi('IdentityPage')

const walkCursor = z
  .string()
  .optional()
  .openapi({ description: 'Present when not everybody was dealt with yet.' })

export const resealAnswer = z
  .object({
    resealed: z.int().openapi({ description: 'People who were sealed anew.' }),
    unreadable: z
      .array(identityId)
      .openapi({ description: 'People who cannot be read, and so not be sealed anew either.' }),
    cursor: walkCursor,
  })
  .openapi('Resealing')

export const forgetModelsAnswer = z
  .object({
    forgotten: z.int().openapi({ description: 'People who now have encodings of one network.' }),
    kept: z.array(identityId).openapi({
      description: 'People without encodings of the network that runs: left as they are.',
    }),
    cursor: walkCursor,
  })
  .openapi('ForgottenModels')

export const healthAnswer = z
  .object({
    ok: z.literal(true),
    network: z.string().openapi({ example: 'dlib-resnet' }),
    model,
    calibrated: z
      .boolean()
      .openapi({ description: 'Whether its thresholds were measured, or one was set.' }),
    liveness: z
      .object({
        policy: z.enum(livenessPolicies),
        model: z.string().optional().openapi({ example: 'mini-fasnet-se@0123abcd' }),
        threshold: z
          .number()
          .optional()
          .openapi({ example: 0.3, description: 'Least score that counts as live.' }),
      })
      .openapi({
        description: 'What is done about faces that may not be live, and by which network.',
      }),
    version: z.string().openapi({ example: '0.1.0' }),
  })
  .openapi('Health')
