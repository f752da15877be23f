/**
 * What the endpoints answer. Each schema is written once: it describes the answer in /openapi.json, and every answer is
 * passed through it on its way out, so that a number that is not finite or a field that nobody announced never leaves. An
 * answer that one endpoint alone gives may stand in that endpoint's file.
 */

import { z } from '@hono/zod-openapi'
import { livenessPolicies } from '../../decision/liveness.ts'
import { reasonCodes, reasons } from '../../decision/reasons.ts'
import { encodingLengths } from '../../encoding/encoding.ts'
import { errorCodes } from '../../errors/error-table.ts'
import { livenessResults, sessionStatuses } from '../../guard/session.ts'
import { askedPoses } from '../../liveness/asked-poses.ts'
import { livenessLevels } from '../../liveness/judge-frames.ts'
import { identityId, personName } from '../../people/person-fields.ts'
import {
  challengeToken,
  fmr,
  leastLevel,
  poseTelling,
  purpose,
  sessionId,
  sessionLiveness,
  sessionTries,
} from '../request/fields.ts'

const pixels = (what: string) => z.number().openapi({ description: `${what}, in pixels.` })

const box = z
  .object({
    x: pixels('Left edge'),
    y: pixels('Upper edge'),
    width: pixels('Width'),
    height: pixels('Height'),
  })
  .openapi('Box', {
    description: 'Where the face is in the upright photo. It may reach beyond the edge.',
  })

const rotation = z.literal([0, 90, 180, 270]).openapi({
  enum: [0, 90, 180, 270],
  description: 'By how many degrees clockwise the photo was turned upright.',
})

const face = z
  .object({ box, rotation })
  .openapi('Face', { description: 'The face that was used, and where it is.' })

const quality = z
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

const model = z.string().openapi({
  example: 'dlib-resnet@4f1c2a90',
  description: 'The network and the hash of its weights.',
})

export const requestId = z.string().openapi({
  example: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
  description: 'Names this request in the log; also in the header X-Request-Id.',
})

const toldTo = 'Told to keys of the role `admin`, and to others when DETAIL is `scores`.'

const distance = z
  .number()
  .optional()
  .openapi({
    example: 0.309,
    description: `How far apart the faces are; 0 is the same photo. ${toldTo}`,
  })

const threshold = z
  .number()
  .optional()
  .openapi({ example: 0.55, description: `Largest distance that matches. ${toldTo}` })

const calibrated = <Value extends boolean>(value: Value, description: string) =>
  z.literal(value).openapi({ description })

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

const verdict = {
  decision: z
    .enum(['match', 'no_match'])
    .openapi({ description: '`match` when the distance is at most the threshold.' }),
  distance,
}
const liveness = z.enum(livenessResults).openapi({
  description:
    'Whether the face looks live, or like a photo of a photo or a screen. `not_checked` unless the service runs with ' +
    'LIVENESS=advise or LIVENESS=require, or the poses of a session were done: `active`. With `require`, a face that is ' +
    '`likely_spoof` never matches.',
})
const livenessLevel = z
  .enum(livenessLevels)
  .optional()
  .openapi({
    description:
      'With `active`: what showed that it is a live head. `relief`: its landmarks moved as those of a head. `one_take`: its pixels did too, ' +
      'and the photos agree as those of one head before one camera do.',
  })
const livenessScore = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .openapi({
    description: `0 to 1; 1 is live. Present when liveness was checked. Advisory: it was not measured on attacks. ${toldTo}`,
  })
const presence = { liveness, livenessScore }
const probed = { face, quality, ...presence }

const photographed = (which: string) =>
  z.object(probed).openapi({ description: `The face in the ${which} photo.` })

const lenient = reasonCodes
  .filter((code) => reasons[code].counts === 'near')
  .map((code) => `\`${code}\``)
  .join(', ')
const reason = z
  .enum(reasonCodes)
  .optional()
  .openapi({
    description: `Why the decision is \`no_match\`, where it is not the distance alone. ${reasonCodes
      .map((code) => `\`${code}\`: ${reasons[code].means}.`)
      .join(' ')} ${lenient} do not count as failed.`,
  })
const hint = z.string().optional().openapi({
  description: 'What the person who holds the phone can do; present with `reason` only.',
})

const receipt = z.string().openapi({
  example: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ5b3VuZXMifQ.bm90IHJlYWw',
  description:
    'A JWT that states the decision, valid for 60 seconds. Its public keys are at /.well-known/jwks.json.',
})

const consistency = z.literal('edge').optional().openapi({
  description:
    'Present when the decision rests on copies alone, because the service runs with CONSISTENCY=edge: they may be a minute late, and no attempt is counted.',
})

const triesLeft = z.int().openapi({
  example: 2,
  description: 'How many more photos of the session may be compared.',
})

export const verifyAnswer = decided(
  { ...verdict, reason, hint, identity: identityId },
  { ...probed, livenessLevel, consistency, triesLeft: triesLeft.optional(), receipt },
).openapi('Verification')

const sessionTerms = {
  identity: identityId.optional().openapi({
    description: 'Whom the photo must show; absent when whoever is recognized was asked for.',
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
        'What the person is to do, one after the other; `left` and `right` are their own. `ahead` comes first. Those that are told so far.',
    }),
    complete: z.boolean().openapi({
      example: true,
      description:
        'Whether that is all, and the photos may be sent. Otherwise announce the photo of the last one with `POST /poses/next`.',
    }),
    expiresAt: z.iso.datetime().openapi({
      description:
        'Until then the photos must have come, or the photo of the last pose must be announced.',
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
      description: 'What came of the session; absent while it is open. Final.',
    }),
    ...sessionTerms,
    identity: identityId.optional().openapi({
      description: 'Whom the photo must show, or whoever was recognized.',
    }),
    triesLeft,
    attempts: z
      .array(
        z.object({
          at: z.iso.datetime().openapi({ description: 'When.' }),
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
          'The tries that ended, in order. One that was broken off is spent and not listed.',
      }),
    receipt: z.string().optional().openapi({
      description:
        'That of the match, the same as the phone got; valid for 60 seconds from the decision.',
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
        'Everybody who is near enough, nearest first, each once. The token of a session is told the match alone.',
    }),
  },
  {
    ...probed,
    consistency,
    triesLeft: triesLeft.optional(),
    receipt: receipt.optional().openapi({
      description: 'Of a match, for the token of a session. A JWT as that of `/verify`.',
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

const identityFields = {
  identity: identityId,
  name: personName.optional(),
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
