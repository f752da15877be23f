/** Looks an enrolled person up for an endpoint, before any photo is decoded. */

import type { EncodingSource } from '../encoding/encoding.ts'
import { FaceError } from '../errors/face-error.ts'
import { type IdentityRecord, inModel } from '../identity/record.ts'
import type { Found, IdentityStore } from '../identity/store.ts'

export async function findIdentity(
  store: IdentityStore,
  identity: string,
): Promise<IdentityRecord> {
  return requireEnrolled(await store.find(identity), identity)
}

/** Throws `identity_not_found` or `record_unreadable`. */
export function requireEnrolled(found: Found, identity: string): IdentityRecord {
  if (found.kind === 'nobody') throw identityNotFound(identity)
  if (found.kind === 'unreadable') throw found.error
  return found.record
}

/**
 * The record with the encodings of the network that runs first. Encodings of two models lie in different spaces: a distance
 * between them means nothing. Nor can encodings of another length be the network's, whatever the record calls them.
 */
export function requireSameModel(record: IdentityRecord, engine: EncodingSource): IdentityRecord {
  const ours = inModel(record, engine.model)
  if (ours === null) {
    throw new FaceError(
      'model_mismatch',
      `${record.identity} was enrolled with ${record.model}; ${engine.model} runs now.`,
    )
  }
  const { length } = ours.encodings[0]
  if (length === engine.encodingLength) return ours
  throw new FaceError(
    'model_mismatch',
    `The encodings of ${record.identity} have ${length} numbers; those of ${engine.model} have ${engine.encodingLength}.`,
  )
}

/** `identity` is validated by then, so the message may repeat it. */
export function identityNotFound(identity: string): FaceError {
  return new FaceError('identity_not_found', `Nobody is enrolled as ${identity}.`)
}
