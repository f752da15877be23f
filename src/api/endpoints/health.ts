/**
 * GET /health: does a face still come out as it should? Runs a real encoding, so that a green answer means that networks,
 * codecs and settings all work and that there is a threshold to decide by. Takes no key, so it costs little: an outcome is
 * kept for some seconds and reused (lib/keep-for.ts).
 */

import manifest from '../../../package.json' with { type: 'json' }
import { createLivenessCheck } from '../../decision/liveness.ts'
import { FaceError } from '../../errors/face-error.ts'
import { healthAnswer, jwksAnswer } from '../contract/answers/service-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'

/** How long the outcome of a check is reused. */
export const healthSeconds = 10

export const health: Endpoint = {
  operationId: 'health',
  method: 'get',
  path: '/health',
  role: 'none',
  tag: 'faces',
  usesStore: false,
  summary: 'Does the service work?',
  description: `Encodes a built-in face and checks the result, which then holds for ${healthSeconds} seconds.`,
  answers: { 200: { description: 'It works', schema: healthAnswer } },
  errors: ['engine_unavailable'],
  async handle(call) {
    call.issuer()
    const engine = await call.startEngine()
    await call.checkHealth(engine).catch((cause: unknown) => {
      throw new FaceError('engine_unavailable', 'The built-in face was not encoded as expected.', {
        cause,
      })
    })
    const { model } = engine
    const [network] = model.split('@')
    const threshold = call.thresholds.verification(model, { encodings: 1 })
    const { calibrated } = threshold
    const rate = threshold.calibrated ? { fmr: threshold.fmr } : {}
    const { policy, network: scoredBy } = createLivenessCheck(call.liveness, engine.liveness)
    const liveness = { policy, ...scoredBy }
    const { version } = manifest
    return {
      status: 200,
      body: { ok: true, network, model, calibrated, ...rate, liveness, version },
    }
  },
}

export const jwks: Endpoint = {
  operationId: 'publicKeys',
  method: 'get',
  path: '/.well-known/jwks.json',
  role: 'none',
  tag: 'faces',
  usesStore: false,
  summary: 'The public keys that check receipts',
  description:
    'Every key that may have signed a receipt that is still valid; `kid` says which one did.',
  answers: { 200: { description: 'A JSON Web Key Set', schema: jwksAnswer } },
  errors: [],
  async handle(call) {
    return { status: 200, body: { keys: call.receipts.publicKeys } }
  },
}
