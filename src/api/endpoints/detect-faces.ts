/** POST /detect: every face in a photo, largest first. No face is an empty list here, not an error. */
import { z } from '@hono/zod-openapi'
import { createLivenessCheck } from '../../decision/liveness.ts'
import { crowdOf } from '../../face/choose-face.ts'
import { detectAnswer } from '../contract/answers/photo-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const body: PhotoInput = { photos: ['image'], many: false, fields: z.object({}) }

export const detectFaces: Endpoint = {
  operationId: 'detect',
  method: 'post',
  path: '/detect',
  role: 'app',
  tag: 'faces',
  usesStore: false,
  summary: 'Every face in a photo',
  description: `Largest first. A photo without a face gives an empty list; of a crowd of more than ${crowdOf.all} some are left out, never the largest.`,
  body,
  answers: { 200: { description: 'The faces', schema: detectAnswer } },
  errors: [],
  async handle(call) {
    const { photos } = await readPhotoRequest(call.request, body)
    const engine = await call.startEngine()
    const check = createLivenessCheck(call.liveness, engine.liveness)
    const found = await engine.detect(photos[0], { liveness: check.isOn })
    const faces = found.map((face) => ({ ...face, ...check.report(face.livenessScore) }))
    return { status: 200, body: { faces, requestId: call.requestId } }
  },
}
