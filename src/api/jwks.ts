/** GET /.well-known/jwks.json: the public keys that receipts are checked with, as a JSON Web Key Set (RFC 7517). */
import { jwksAnswer } from './answers.ts'
import type { Endpoint } from './endpoint.ts'

export const jwks: Endpoint = {
  operationId: 'publicKeys',
  method: 'get',
  path: '/.well-known/jwks.json',
  role: 'none',
  summary: 'The keys that receipts are checked with',
  description: 'All keys that may have signed a receipt that is still good; `kid` says which.',
  answers: { 200: { description: 'A JSON Web Key Set', schema: jwksAnswer } },
  errors: [],
  async handle(call) {
    return { status: 200, body: { keys: call.receipts.publicKeys } }
  },
}
