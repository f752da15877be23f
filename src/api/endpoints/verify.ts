/**
 * POST /verify: is this photo of the person they say they are? Compares with that one person's template, the mean of all their
 * encodings. The attempt is counted before, the decision signed after.
 */

import { z } from '@hono/zod-openapi'
import { decide } from '../../decision/decide.ts'
import { createLivenessCheck } from '../../decision/liveness.ts'
import { distanceToPerson } from '../../encoding/metrics/metric.ts'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { requireEnrolled, requireSameModel } from '../../people/find-identity.ts'
import { hasRival } from '../../people/find-rival.ts'
import { identityId } from '../../people/person-fields.ts'
import { verifyAnswer } from '../contract/answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { challengeToken, fmr } from '../request/fields.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const fields = z.object({
  identity: identityId,
  fmr: fmr.optional(),
  challenge: challengeToken.optional(),
})
const body: PhotoInput<typeof fields> = { photos: ['image'], many: false, fields }

export const verify: Endpoint = {
  operationId: 'verify',
  method: 'post',
  path: '/verify',
  role: 'app',
  tag: 'faces',
  usesStore: true,
  summary: 'Is this the person they say they are?',
  description: 'Answers 200 whether or not the face matches: `no_match` is a result and no error.',
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
    const { photos, fields } = await readPhotoRequest(call.request, body)
    const { identity, fmr, challenge } = fields
    const { requestId } = call
    call.noteIdentity(identity)
    const attempt = { identity, challenge, requestId }
    const verdict = await call.guard.attempt(attempt, async (found) => {
      const enrolled = requireEnrolled(found, identity)
      const engine = await call.startEngine()
      const record = requireSameModel(enrolled, engine)
      const encodings = record.encodings.length
      const threshold = call.thresholds.verification(engine.model, { fmr, encodings })
      const check = createLivenessCheck(call.liveness, engine.liveness)
      const probe = await encodeFace(engine, photos[0], { purpose: 'probe', liveness: check.isOn })
      const presence = check.report(probe.livenessScore)
      const distance = distanceToPerson(threshold.metric, probe.encoding, record.encodings)
      const isNear = !check.refuses(presence) && decide(distance, threshold) === 'match'
      const isRivalNearer =
        isNear && (await hasRival(call, threshold, probe.encoding, { identity, distance }))
      return {
        decision: isNear && !isRivalNearer ? 'match' : 'no_match',
        ...(isRivalNearer && { reason: 'nearer_to_another' }),
        distance,
        threshold,
        ...photoReport(probe),
        ...presence,
      } as const
    })
    const { decision, threshold, ...rest } = verdict
    const claims = {
      issuer: new URL(call.request.url).origin,
      identity,
      decision,
      ...(threshold.calibrated && { fmr: threshold.fmr }),
      model: threshold.model,
      liveness: verdict.liveness,
      challenge,
      requestId,
    }
    const receipt = await call.receipts.sign(claims, call.now.getTime())
    const answer = { decision, identity, ...threshold, ...rest }
    return { status: 200, body: { ...answer, receipt, requestId } }
  },
}
