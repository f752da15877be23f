/**
 * POST /verify: is this photo of the person they say they are? Compares with that one person's template, the mean of all their
 * encodings. The attempt is counted before, the decision signed after.
 */

import { z } from '@hono/zod-openapi'
import { createLivenessCheck } from '../../decision/liveness.ts'
import { reasons } from '../../decision/reasons.ts'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { claimsOf } from '../../guard/receipt.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { Found } from '../../identity/store.ts'
import { compareCopy } from '../../people/claim/compare-copy.ts'
import { judgeClaim } from '../../people/claim/judge-claim.ts'
import { requireEnrolled, requireSameModel } from '../../people/find-identity.ts'
import { identityId } from '../../people/person-fields.ts'
import { hideScores } from '../answer/hide-scores.ts'
import { verifyAnswer } from '../contract/answers.ts'
import type { Call, Endpoint } from '../contract/endpoint.ts'
import { challengeToken, device, fmr } from '../request/fields.ts'
import { attemptIdOf, idempotencyKey } from '../request/idempotency-key.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const fields = z.object({
  identity: identityId,
  fmr: fmr.optional(),
  challenge: challengeToken.optional(),
  device: device.optional(),
})
const withKey: PhotoInput<typeof fields> = { photos: ['image'], many: false, fields }
/** The session says all the rest. */
const withSession: PhotoInput = { ...withKey, fields: z.object({}) }
const body: PhotoInput = {
  ...withKey,
  fields: fields.extend({
    identity: identityId.optional().openapi({
      description:
        'The identity of a person, as enrolled. Required with a key; with the token of a session no field but the photo is taken.',
    }),
  }),
}

export const verify: Endpoint = {
  operationId: 'verify',
  method: 'post',
  path: '/verify',
  role: 'app',
  takesSession: 'person',
  tag: 'faces',
  usesStore: true,
  summary: 'Is this the person they say they are?',
  description: 'Answers 200 whether or not the face matches: `no_match` is a result and no error.',
  headers: idempotencyKey,
  body,
  answers: { 200: { description: 'The decision', schema: verifyAnswer } },
  errors: [
    'identity_not_found',
    'challenge_invalid',
    'locked_out',
    'record_unreadable',
    'model_mismatch',
    ...faceErrors,
  ],
  async handle(call) {
    const issuer = call.issuer()
    const { photo, asked, ...claim } = await readClaim(call)
    const { identity, challenge } = claim
    const { requestId, session } = call
    const work = workOn(call, { photo, identity, fmr: session?.fmr ?? asked })
    // A challenge or a session is spent in the object of the person.
    const isEdge = call.isEdge && challenge === undefined && session === undefined
    const { keyId } = call
    const question = { ...claim, photo, keyId, ...(asked !== undefined && { fmr: asked }) }
    const attemptId = await attemptIdOf(call.request.headers, question)
    const attempted = isEdge
      ? await compareCopy(call.store, identity, work)
      : await call.guard.attempt({ ...claim, requestId, ...(attemptId && { attemptId }) }, work)
    const { verdict, failures } = attempted
    const { decision, reason, rival, threshold, counts: _, decided, decidedMs, ...rest } = verdict
    if (rival !== undefined) call.auditPeople('nearer_to_another', [identity, rival])
    const consistency = isEdge ? { consistency: 'edge' as const } : {}
    const about = { issuer, audience: call.keyId, challenge, session, ...consistency, requestId }
    const receipt = await call.receipts.sign(claimsOf(decided, about), decidedMs)
    const why = reason && { reason, hint: reasons[reason].hint }
    const triesLeft = attempted.session?.triesLeft
    const told = { ...why, ...threshold, ...rest, ...consistency, triesLeft, receipt, requestId }
    const answer = { decision, identity, ...told }
    // A caller who has locked the person no longer gets the distance.
    const isTold = decision === 'match' || failures <= call.guard.failuresThatLock
    const isHidden = call.detail === 'scores' && !isTold
    return { status: 200, body: isHidden ? hideScores(answer) : answer }
  },
}

interface PhotoClaim {
  readonly photo: Uint8Array
  readonly identity: string
  readonly challenge?: string
  readonly sessionId?: string
  /** The rate. */
  readonly asked?: number
}

/** Whom the photo is said to show: with a key the request says so, with a token the session. */
async function readClaim(call: Call): Promise<PhotoClaim> {
  const { request, session } = call
  if (session?.identity !== undefined) {
    const { photos } = await readPhotoRequest(request, withSession)
    return { photo: photos[0], identity: session.identity, sessionId: session.id }
  }
  const { photos, fields } = await readPhotoRequest(request, withKey)
  const { identity, fmr: asked, challenge, device } = fields
  call.noteIdentity(identity)
  if (device !== undefined) call.nameDevice(device)
  return { photo: photos[0], identity, challenge, asked }
}

interface Asked {
  readonly photo: Uint8Array
  readonly identity: string
  readonly fmr?: number
}

/** The photo, before it is compared with anybody. */
async function look(call: Call, { photo, fmr }: Asked, known: IdentityRecord | null) {
  const engine = await call.startEngine()
  // A person or a rate that is refused costs no look at the photo.
  if (known !== null) requireSameModel(known, engine)
  call.thresholds.verification(engine.model, { asked: fmr, encodings: 1 })
  const check = createLivenessCheck(call.liveness, engine.liveness)
  const probe = await encodeFace(engine, photo, { purpose: 'probe', liveness: check.isOn })
  return { engine, probe, check, presence: check.report(probe.livenessScore) }
}

function workOn(call: Call, claim: Asked) {
  const { identity, fmr } = claim
  // Who else is enrolled may be some seconds late, and no call to the directory is waited for.
  const sources = { ...call, gallery: call.recentGallery }
  type Look = Awaited<ReturnType<typeof look>>
  return {
    admitted: call.chargeTry,

    look: (known: IdentityRecord | null): Promise<Look> => look(call, claim, known),

    async judge({ engine, probe, check, presence }: Look, found: Found) {
      const record = requireSameModel(requireEnrolled(found, identity), engine)
      const mayMatch = !check.refuses(presence)
      const judged = await judgeClaim(sources, { record, probe: probe.encoding, fmr, mayMatch })
      call.requireLeft()
      const { decision, reason, threshold } = judged
      const decided = {
        decision,
        identity,
        ...(reason && { reason }),
        ...(threshold.calibrated && { fmr: threshold.fmr }),
        model: threshold.model,
        liveness: presence.liveness,
      }
      const decidedMs = call.clock().getTime()
      return { ...judged, decided, decidedMs, ...photoReport(probe), ...presence }
    },
  }
}
