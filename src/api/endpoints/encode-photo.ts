/**
 * POST /encode: the encoding of the main face in a photo, for callers with their own index. Nothing is decided here, so a
 * second face is no obstacle; `face` says which one was taken.
 */
import { z } from '@hono/zod-openapi'
import { encodeFace, photoReport } from '../../engine/encode-face.ts'
import { encodeAnswer } from '../contract/answers/photo-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const body: PhotoInput = { photos: ['image'], many: false, fields: z.object({}) }

export const encodePhoto: Endpoint = {
  operationId: 'encode',
  method: 'post',
  path: '/encode',
  role: 'admin',
  tag: 'faces',
  usesStore: false,
  summary: 'The encoding of a face',
  description:
    'Takes the most prominent face when there are several. Compare only encodings of the same `model` with each other.',
  body,
  answers: { 200: { description: 'The encoding', schema: encodeAnswer } },
  errors: ['no_face', 'face_too_small', 'face_too_dark'],
  async handle(call) {
    const { photos } = await readPhotoRequest(call.request, body)
    const engine = await call.startEngine()
    const encoded = await encodeFace(engine, photos[0], { faces: 'main' })
    const encoding = Array.from(encoded.encoding)
    const { model } = engine
    return {
      status: 200,
      body: { encoding, model, ...photoReport(encoded), requestId: call.requestId },
    }
  },
}
