/** POST /verify: is this photo of the person they say they are? Compares with that one person's template, the mean of all their encodings. */
import { z } from '@hono/zod-openapi'
import { decide } from '../decision/decide.ts'
import { createLivenessCheck } from '../decision/liveness.ts'
import { distanceToPerson } from '../identity/metric.ts'
import { verifyAnswer } from './answers.ts'
import { encodeFace, photoReport } from './encode-face.ts'
import type { Endpoint } from './endpoint.ts'
import { fmr, identityId } from './fields.ts'
import { findIdentity, requireSameModel } from './find-identity.ts'
import type { PhotoInput } from './photo-input.ts'
import { readPhotoRequest } from './read-photo-request.ts'

const fields = z.object({ identity: identityId, fmr: fmr.optional() })
const body: PhotoInput<typeof fields> = { photos: ['image'], many: false, fields }

export const verify: Endpoint = {
  method: 'post',
  path: '/verify',
  role: 'app',
  summary: 'Is this the person they say they are?',
  description: 'Answers 200 whether or not the face matches: "not the same person" is a result.',
  body,
  answers: { 200: { description: 'The decision', schema: verifyAnswer } },
  errors: [
    'identity_not_found',
    'record_unreadable',
    'model_mismatch',
    'no_face',
    'multiple_faces',
    'face_too_small',
  ],
  async handle(call) {
    const { photos, fields } = await readPhotoRequest(call.request, body)
    const found = await findIdentity(call.store, fields.identity)
    const engine = await call.startEngine()
    const record = requireSameModel(found, engine)
    const { fmr } = fields
    const encodings = record.encodings.length
    const threshold = call.thresholds.verification(engine.model, { fmr, encodings })
    const check = createLivenessCheck(call.liveness, engine.liveness)
    const probe = await encodeFace(engine, photos[0], { liveness: check.isOn })
    const presence = check.report(probe.livenessScore)
    const distance = distanceToPerson(threshold.metric, probe.encoding, record.encodings)
    const decision = check.refuses(presence) ? 'no_match' : decide(distance, threshold)
    const { identity } = record
    const { requestId } = call
    return {
      status: 200,
      body: {
        decision,
        identity,
        distance,
        ...threshold,
        ...photoReport(probe),
        ...presence,
        requestId,
      },
    }
  },
}
