/**
 * POST /verify: is this photo of the person they say they are? Compares with that one person's template, the mean of all their
 * encodings. The attempt is counted before, the decision signed after.
 */

import { z } from '@hono/zod-openapi'
import { createLivenessCheck } from '../../decision/liveness.ts'
import { reasons } from '../../decision/reasons.ts'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { judgeClaim, thresholdFor } from '../../people/claim/judge-claim.ts'
import { requireEnrolled, requireSameModel } from '../../people/find-identity.ts'
import { identityId } from '../../people/person-fields.ts'
import { hideScores } from '../answer/hide-scores.ts'
import { verifyAnswer } from '../contract/answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { challengeToken, device, fmr } from '../request/fields.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const fields = z.object({
  identity: identityId,
  fmr: fmr.optional(),
  challenge: challengeToken.optional(),
  device: device.optional(),
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
    const issuer = call.issuer()
    const { photos, fields } = await readPhotoRequest(call.request, body)
    const { identity, fmr, challenge, device } = fields
    const { requestId } = call
    call.noteIdentity(identity)
    if (device !== undefined) call.nameDevice(device)
    const attempt = { identity, challenge, requestId }
    const verdict = await call.guard.attempt(attempt, async ({ found, failures }) => {
      const enrolled = requireEnrolled(found, identity)
      const engine = await call.startEngine()
      const record = requireSameModel(enrolled, engine)
      // A rate that is refused costs no look at the photo.
      thresholdFor(call, { record, fmr })
      const check = createLivenessCheck(call.liveness, engine.liveness)
      const probe = await encodeFace(engine, photos[0], { purpose: 'probe', liveness: check.isOn })
      const presence = check.report(probe.livenessScore)
      const mayMatch = !check.refuses(presence)
      const judged = await judgeClaim(call, { record, probe: probe.encoding, fmr, mayMatch })
      return { ...judged, failures, ...photoReport(probe), ...presence }
    })
    const { decision, reason, rival, threshold, counts, failures, ...rest } = verdict
    if (rival !== undefined) call.auditPeople('nearer_to_another', [identity, rival])
    const claims = {
      issuer,
      audience: call.keyId,
      identity,
      decision,
      ...(threshold.calibrated && { fmr: threshold.fmr }),
      model: threshold.model,
      liveness: verdict.liveness,
      challenge,
      requestId,
    }
    const receipt = await call.receipts.sign(claims, call.clock().getTime())
    const why = reason && { reason, hint: reasons[reason].hint }
    const answer = { decision, identity, ...why, ...threshold, ...rest, receipt, requestId }
    // A caller who has locked the person no longer gets the distance.
    const isTold = decision === 'match' || failures <= call.guard.failuresThatLock
    const isHidden = call.detail === 'scores' && !isTold
    return { status: 200, body: isHidden ? hideScores(answer) : answer }
  },
}
