/** POST /compare: do two photos show the same person? Nothing is looked up and nothing is kept. */

import { z } from '@hono/zod-openapi'
import { decide } from '../../decision/decide.ts'
import { heldTo } from '../../decision/doubt.ts'
import { createLivenessCheck } from '../../decision/liveness.ts'
import { type Threshold, tellThreshold } from '../../decision/thresholds.ts'
import { distanceBetween, prepareEncoding } from '../../encoding/metrics/metric.ts'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import type { EncodedPhoto } from '../../engine/pipeline.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { compareAnswer } from '../contract/answers/photo-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { fmr } from '../request/fields.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const fields = z.object({ fmr: fmr.optional() })
const body: PhotoInput<typeof fields> = { photos: ['left', 'right'], many: false, fields }

export const comparePhotos: Endpoint = {
  operationId: 'compare',
  method: 'post',
  path: '/compare',
  role: 'app',
  tag: 'faces',
  usesStore: false,
  summary: 'Do two photos show the same person?',
  description:
    'The order of the photos makes no difference. Nothing is looked up, and nothing is stored.',
  body,
  answers: { 200: { description: 'The decision', schema: compareAnswer } },
  errors: faceErrors,
  async handle(call) {
    const { photos, fields } = await readPhotoRequest(call.request, body)
    const engine = await call.startEngine()
    const ofSound = call.thresholds.verification(engine.model, {
      asked: fields.fmr,
      encodings: 1,
    })
    // Neither is averaged with its mirror image: that keeps the order without effect and errs towards no match.
    const check = createLivenessCheck(call.liveness, engine.liveness)
    const options = { purpose: 'probe', liveness: check.isOn } as const
    const left = await encodeFace(engine, photos[0], { ...options, label: 'left' })
    const right = await encodeFace(engine, photos[1], { ...options, label: 'right' })
    const heldAgainst = (probe: EncodedPhoto, enrolled: EncodedPhoto): Threshold =>
      heldTo(ofSound, {
        suspicion: probe.suspicion?.probe,
        enrolledSuspicion: enrolled.suspicion?.enrollment,
      })
    const bothWays = [heldAgainst(left, right), heldAgainst(right, left)] as const
    const threshold = bothWays[0].threshold < bothWays[1].threshold ? bothWays[0] : bothWays[1]
    const { metric } = threshold
    const apart = distanceBetween(
      prepareEncoding(metric, left.encoding),
      prepareEncoding(metric, right.encoding),
    )
    return {
      status: 200,
      body: {
        decision: decide(apart, threshold),
        distance: apart,
        ...tellThreshold(threshold),
        // Told and no more: a photo of a document is a photo of a photo, and may be compared.
        left: { ...photoReport(left), ...check.report(left.livenessScore) },
        right: { ...photoReport(right), ...check.report(right.livenessScore) },
        requestId: call.requestId,
      },
    }
  },
}
