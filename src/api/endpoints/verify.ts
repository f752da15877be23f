/**
 * POST /verify: is this photo of the person they say they are? Compares with that one person's template, the mean of all their
 * encodings. The attempt is counted before, the decision signed after.
 */

import { z } from '@hono/zod-openapi'
import { doubtFor } from '../../decision/doubt.ts'
import { asksForPoses, createLivenessCheck, livenessRequired } from '../../decision/liveness.ts'
import { type Reason, reasons } from '../../decision/reasons.ts'
import { tellThreshold } from '../../decision/thresholds.ts'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import type { EncodedPhoto } from '../../engine/pipeline.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { afterRenewal } from '../../gallery/search/recent-gallery.ts'
import { isOfLight } from '../../gate/judge-face.ts'
import { claimsOf } from '../../guard/receipt.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { Found } from '../../identity/store.ts'
import { compareCopy } from '../../people/claim/compare-copy.ts'
import { type Judgement, judgeClaim } from '../../people/claim/judge-claim.ts'
import { type JudgedPoses, judgePoses, lookAtFrames } from '../../people/claim/look-at-frames.ts'
import type { Admitted } from '../../people/claim/run-attempt.ts'
import { requireEnrolled, requireSameModel } from '../../people/find-identity.ts'
import { identityId } from '../../people/person-fields.ts'
import { hideScores } from '../answer/hide-scores.ts'
import { verifyAnswer } from '../contract/answers/photo-answers.ts'
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
/** One photo for each pose, in order. */
const withPoses: PhotoInput = { ...withSession, many: true }
const body: PhotoInput = {
  ...withKey,
  fields: fields.extend({
    identity: identityId.optional().openapi({
      description:
        'The identity of a person, as enrolled. Required with a key; with the token of a session only photos are accepted.',
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
  description:
    'Answers 200 whether or not the face matches: `no_match` is a result, not an error. With the token of a session with ' +
    '`liveness: active`, `image` comes once for each pose of `POST /poses`, in order.',
  headers: idempotencyKey,
  body,
  answers: { 200: { description: 'The decision', schema: verifyAnswer } },
  errors: [
    'identity_not_found',
    'challenge_invalid',
    'poses_over',
    'liveness_required',
    'locked_out',
    'record_unreadable',
    'model_mismatch',
    ...faceErrors,
  ],
  async handle(call) {
    const issuer = call.issuer()
    if (asksForPoses(call.liveness) && !call.session?.liveness) throw livenessRequired()
    const { photos, asked, ...claim } = await readClaim(call)
    const { identity, challenge } = claim
    const { requestId, session } = call
    const work = workOn(call, { photos, identity, fmr: session?.fmr ?? asked })
    // A challenge or a session is spent in the object of the person.
    const isEdge = call.isEdge && challenge === undefined && session === undefined
    const { keyId } = call
    const question = { ...claim, photos, keyId, ...(asked !== undefined && { fmr: asked }) }
    const attemptId = await attemptIdOf(call.request.headers, question)
    const attempted = isEdge
      ? await compareCopy(call.store, identity, work)
      : await call.guard.attempt(
          { ...claim, photos: photos.length, requestId, ...(attemptId && { attemptId }) },
          work,
        )
    const { verdict, misses } = attempted
    const {
      decision,
      reason,
      rival,
      threshold,
      counts: _,
      prints: __,
      decided,
      decidedMs,
      ...rest
    } = verdict
    if (rival !== undefined) call.auditPeople('nearer_to_another', [identity, rival])
    const consistency = isEdge ? { consistency: 'edge' as const } : {}
    const about = { issuer, audience: call.keyId, challenge, session, ...consistency, requestId }
    const receipt = await call.receipts.sign(claimsOf(decided, about), decidedMs)
    const why = reason && { reason, hint: reasons[reason].hint }
    const triesLeft = attempted.session?.triesLeft
    const told = {
      ...why,
      ...tellThreshold(threshold),
      ...rest,
      ...consistency,
      triesLeft,
      receipt,
      requestId,
    }
    const answer = { decision, identity, ...told }
    // By matches of the right person nobody gets more of them.
    const isTold = decision === 'match' || misses <= distancesOfMisses
    const isHidden = call.detail === 'scores' && !isTold
    return { status: 200, body: isHidden ? hideScores(answer) : answer }
  },
}

/**
 * How many photos of a person that do not match are told their distance under `DETAIL=scores`. Blending faces with two of them
 * gets in no more often than as many strangers who simply try; with five half as often again (docs/security.md).
 */
const distancesOfMisses = 2

interface PhotoClaim {
  /** One, or one for each pose. */
  readonly photos: readonly Uint8Array[]
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
    const { photos } = await readPhotoRequest(request, session.liveness ? withPoses : withSession)
    return { photos, identity: session.identity, sessionId: session.id }
  }
  const { photos, fields } = await readPhotoRequest(request, withKey)
  const { identity, fmr: asked, challenge, device } = fields
  call.nameIdentity(identity)
  if (device !== undefined) call.nameDevice(device)
  return { photos, identity, challenge, asked }
}

interface Asked {
  readonly photos: readonly Uint8Array[]
  readonly identity: string
  readonly fmr?: number
}

/** A face that something covers or spoils a little is compared; photos of poses are not. */
const probed = { purpose: 'probe', doubts: 'told' } as const

/** The photos, before they are compared with anybody. */
async function look(call: Call, { photos, fmr }: Asked, known: IdentityRecord | null) {
  const engine = await call.startEngine()
  // A person or a rate that is refused costs no look at the photo.
  if (known !== null) requireSameModel(known, engine)
  call.thresholds.verification(engine.model, { asked: fmr, encodings: 1 })
  // Who is nearer may have been enrolled elsewhere: the directory is asked while the photo is encoded.
  const renewed = call.rivals ? call.recentGallery.renewIfDue(engine) : Promise.resolve()
  const check = createLivenessCheck(call.liveness, engine.liveness)
  const taken = call.session?.liveness
    ? await lookAtFrames(engine, photos, check.isOn)
    : [await encodeFace(engine, photos[0]!, { ...probed, liveness: check.isOn })]
  // In the dark a live face scores as little as a photo of one, in glare no score was measured; other light helps, and costs no attempt.
  const [{ doubt }] = taken as [EncodedPhoto]
  if (check.isOn && doubt && isOfLight(doubt)) throw doubt
  return { engine, taken, check, scored: check.report(taken[0]!.livenessScore), renewed }
}

function workOn(call: Call, claim: Asked) {
  const { identity, fmr } = claim
  type Look = Awaited<ReturnType<typeof look>>
  return {
    admitted: () => call.chargeTry(claim.photos.length),

    look: (known: IdentityRecord | null): Promise<Look> => look(call, claim, known),

    async judge(
      { engine, taken, check, scored, renewed }: Look,
      found: Found,
      admitted?: Promise<Admitted>,
    ) {
      const [probe] = taken as [EncodedPhoto]
      const sources = { ...call, gallery: afterRenewal(call.recentGallery, renewed) }
      const record = requireSameModel(requireEnrolled(found, identity), engine)
      const live: Partial<JudgedPoses> = call.session?.liveness
        ? await judgePoses(
            { photos: claim.photos, taken },
            await admitted,
            call.thresholds.together(engine.model),
          )
        : {}
      const { level, reason: fault, prints, mean } = live
      const presence = level
        ? { ...scored, liveness: 'active' as const, livenessLevel: level }
        : scored
      const mayMatch = fault === undefined && !check.refuses(scored)
      const doubt = probe.doubt && doubtFor(probe.doubt.code)
      const { encoding } = probe
      const suspicion = probe.suspicion?.probe
      // Before anything is compared: what gives its attempt back must not take longer for a face that matches.
      call.requireLeft()
      const probes = mean ? [encoding, mean] : [encoding]
      const claimed = { record, probes, doubt, suspicion, fmr, mayMatch }
      const judged = refusedFor(fault, await judgeClaim(sources, claimed))
      const { decision, reason, threshold } = judged
      const decided = {
        decision,
        identity,
        ...(reason && { reason }),
        ...(threshold.calibrated && { fmr: threshold.fmr }),
        model: threshold.model,
        liveness: presence.liveness,
        ...(level && { livenessLevel: level }),
      }
      const decidedMs = call.clock().getTime()
      const about = { decided, decidedMs, ...(prints && { prints }) }
      return { ...judged, ...about, ...photoReport(probe), ...presence }
    },
  }
}

/** A reason why it is no live head comes before any other. */
function refusedFor(reason: Reason | undefined, judged: Judgement): Judgement {
  return reason
    ? { ...judged, decision: 'no_match', reason, counts: reasons[reason].counts }
    : judged
}
