/**
 * The fields that requests carry with photos, except those of a person (people/person-fields.ts). Each schema is written
 * once: it validates, it describes the field in /openapi.json, and its type says how the field reads from text. Messages never
 * repeat what was sent.
 */
import { z } from '@hono/zod-openapi'
import { lifeLimits, poseTellings, tryLimits } from '../../guard/session.ts'
import { sessionIdPattern } from '../../identity/session-token.ts'
import { expected } from '../../lib/field-faults.ts'
import { livenessLevels } from '../../liveness/judge-frames.ts'

export const maxCandidates = 50

export const fmr = z
  .number(expected('a number between 0 and 1'))
  .gt(0, expected('a number between 0 and 1'))
  .lt(1, expected('a number between 0 and 1'))
  .openapi({
    example: 0.001,
    description:
      'False-match rate to decide at: a calibrated rate stricter than that of the service, which applies unless this is given. A threshold cannot be sent.',
  })

const deviceExpected = expected('a name of the device, of 1 to 128 characters')
export const device = z
  .string(deviceExpected)
  .min(1, deviceExpected)
  .max(128, deviceExpected)
  .openapi({
    example: 'c2b1e1d4-5c0a-4f0e-9a57-0f6a3f3b7a51',
    description:
      'Names the device that took the photo: any text that is always the same for it. Failed attempts of one device are counted together. The name is hashed at once and not kept.',
  })

export const challengeToken = z
  .string(expected('the challenge of POST /challenge'))
  .regex(/^[!-~]{1,256}$/, expected('the challenge of POST /challenge'))
  .openapi({
    example: 'mZ9ZpQ0bqkYvJmS7XlM6cJ1o3Hh4sB2uFqk1rV5tW8A',
    description:
      'The challenge that POST /challenge gave for this identity, unchanged. It works once. Required when the service runs with REQUIRE_CHALLENGE.',
  })

const purposeExpected = expected('1 to 64 characters of A-Z a-z 0-9 . _ : -')
export const purpose = z
  .string(purposeExpected)
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, purposeExpected)
  .openapi({
    example: 'unlock',
    description:
      'What the backend wants the match for, in its own words. The receipt repeats it, so that a match for one purpose is not valid for another.',
  })

const triesExpected = expected(`a whole number from 1 to ${tryLimits.most}`)
export const sessionTries = z
  .int(triesExpected)
  .min(1, triesExpected)
  .max(tryLimits.most, triesExpected)
  .openapi({
    example: tryLimits.usual,
    description: `How many photos may be compared; ${tryLimits.usual} unless given. The first match ends the session.`,
  })

const secondsExpected = expected(`a whole number from 1 to ${lifeLimits.most}`)
export const sessionSeconds = z
  .int(secondsExpected)
  .min(1, secondsExpected)
  .max(lifeLimits.most, secondsExpected)
  .openapi({
    example: lifeLimits.usual,
    description: `How many seconds the session is open; ${lifeLimits.usual} unless given.`,
  })

export const sessionLiveness = z.literal('active', expected('active')).openapi({
  example: 'active',
  description:
    '`active`: the person does a few poses, which the phone draws with `POST /poses`, and the photos must show a head that turns. ' +
    'With LIVENESS=active this applies to every session.',
})

export const poseTelling = z.enum(poseTellings, expected(poseTellings.join(' or '))).openapi({
  example: 'one_by_one',
  description:
    'How the phone learns the poses: `at_once` unless given. `one_by_one`: it announces the photo of each by its hash before it learns the ' +
    'next, and each has its own time. With LIVENESS_POSES=one_by_one this applies to every session with poses.',
})

export const leastLevel = z.enum(livenessLevels, expected(livenessLevels.join(' or '))).openapi({
  example: 'one_take',
  description:
    'How much the photos must show of a live head: `relief` unless given, or `one_take`. With LIVENESS_LEVEL=one_take, `one_take` applies to every session with poses.',
})

export const photoHash = z
  .string(expected('the SHA-256 of a photo, 64 hexadecimal digits'))
  .regex(/^[0-9a-f]{64}$/, expected('the SHA-256 of a photo, 64 hexadecimal digits'))
  .openapi({
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    description: 'SHA-256 of the bytes of the photo that will be sent, in lowercase hexadecimal.',
  })

export const sessionId = z
  .string(expected('the session that POST /sessions gave'))
  .regex(sessionIdPattern, expected('the session that POST /sessions gave'))
  .openapi({
    example: 'pn0S8zDzX1vUe6XK3m0cJwq4yqk2H9uW3dXo1Qb7t5h4m2rYpV8sLk6eT0aFgJcRz',
    description: 'The id of a session. It is not secret and opens nothing.',
  })

export const candidateLimit = z
  .int(expected(`a whole number from 1 to ${maxCandidates}`))
  .min(1, expected(`a whole number from 1 to ${maxCandidates}`))
  .max(maxCandidates, expected(`a whole number from 1 to ${maxCandidates}`))
  .openapi({
    example: 5,
    description: 'How many candidates the answer lists at most; 5 unless given.',
  })

export const allowDuplicate = z.boolean(expected('true or false')).openapi({
  example: false,
  description:
    'Enroll the person even if they match somebody who is already enrolled; false unless given.',
})

export const allowDifferent = z.boolean(expected('true or false')).openapi({
  example: false,
  description:
    'Accept photos that differ as much as those of look-alikes, up to what `/verify` lets in; false unless given.',
})

export const secondModel = z.boolean(expected('true or false')).openapi({
  example: false,
  description:
    'Store the encodings as a second set, next to those of the running network, for people who are enrolled; false unless given.',
})

export const pageLimit = z
  .int(expected('a whole number from 1 to 1000'))
  .min(1, expected('a whole number from 1 to 1000'))
  .max(1000, expected('a whole number from 1 to 1000'))
  .openapi({
    example: 100,
    description: 'How many identities the answer lists at most; 100 unless given.',
  })

export const pageCursor = z
  .string(expected('the cursor of the page before'))
  .regex(/^[A-Za-z0-9._-]{1,128}$/, expected('the cursor of the page before'))
  .openapi({ description: 'The `cursor` of the previous answer, unchanged.' })

export const exportLimit = z
  .int(expected('a whole number from 1 to 100000'))
  .min(1, expected('a whole number from 1 to 100000'))
  .max(100_000, expected('a whole number from 1 to 100000'))
  .openapi({
    example: 1000,
    description: 'How many people the answer has at most; everybody unless given.',
  })

export const walkLimit = z
  .int(expected('a whole number from 1 to 1000'))
  .min(1, expected('a whole number from 1 to 1000'))
  .max(1000, expected('a whole number from 1 to 1000'))
  .openapi({
    example: 200,
    description: 'How many people this request changes at most; 200 unless given.',
  })

export const idPrefix = z
  .string(expected('up to 128 characters of A-Z a-z 0-9 . _ -'))
  .regex(/^[A-Za-z0-9._-]{0,128}$/, expected('up to 128 characters of A-Z a-z 0-9 . _ -'))
  .openapi({ example: 'you', description: 'Lists only identities that begin with this.' })
