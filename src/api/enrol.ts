/**
 * PUT /admin/identities/{id} and POST /admin/identities/{id}/images: a person's photos become encodings and are kept; the
 * photos are not. All photos must be good, of one person, and of nobody enrolled already, or nothing is stored. Repeating
 * either request changes nothing.
 */
import { z } from '@hono/zod-openapi'
import { FaceError } from '../errors.ts'
import type { IdentityStore } from '../identity/kv-store.ts'
import { addEncodings, isSameEnrolment } from '../identity/merge.ts'
import { type IdentityRecord, maxEncodings } from '../identity/record.ts'
import type { EncodedPhoto } from '../pipeline.ts'
import { enrolmentAnswer } from './answers.ts'
import { photoReport } from './encode-face.ts'
import { encodePerson } from './encode-person.ts'
import type { Endpoint } from './endpoint.ts'
import { allowDuplicate, identityId, parseFields, personName } from './fields.ts'
import { findIdentity, requireSameModel } from './find-identity.ts'
import type { PhotoInput } from './photo-input.ts'
import { readPhotoRequest } from './read-photo-request.ts'
import { refuseDuplicate } from './refuse-duplicate.ts'

const pathFields = z.object({ id: identityId })
const nameAndDuplicate = z.object({
  name: personName.optional(),
  allowDuplicate: allowDuplicate.optional(),
})
const photosAndName: PhotoInput<typeof nameAndDuplicate> = {
  photos: ['image'],
  many: true,
  fields: nameAndDuplicate,
}
const duplicateOnly = z.object({ allowDuplicate: allowDuplicate.optional() })
const photosOnly: PhotoInput<typeof duplicateOnly> = {
  photos: ['image'],
  many: true,
  fields: duplicateOnly,
}
const aboutPhotos = [
  'too_many_images',
  'no_face',
  'multiple_faces',
  'face_too_small',
  'photos_differ',
  'duplicate_person',
] as const

export const putIdentity: Endpoint = {
  method: 'put',
  path: '/admin/identities/{id}',
  role: 'admin',
  summary: 'Enrol a person, or enrol them anew',
  description:
    'Replaces name and encodings of a person who is enrolled already. All photos must be of one person, and of nobody who ' +
    'is enrolled under another identity.',
  pathFields,
  body: photosAndName,
  answers: {
    200: { description: 'Replaced', schema: enrolmentAnswer },
    201: { description: 'Created', schema: enrolmentAnswer },
  },
  errors: aboutPhotos,
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const { photos, fields } = await readPhotoRequest(call.request, photosAndName)
    const { allowDuplicate, ...named } = fields
    const before = await findReplaced(call.store, id)
    const engine = await call.startEngine()
    const { model } = engine
    const encoded = await encodePerson(engine, photos, [], call.thresholds)
    const now = call.now.toISOString()
    const record: IdentityRecord = {
      identity: id,
      ...named,
      model,
      encodings: addEncodings([], encodingsOf(encoded)),
      createdAt: before.record?.createdAt ?? now,
      updatedAt: now,
    }
    const { record: old } = before
    const isSame = old !== null && isSameEnrolment(old, record)
    if (!isSame && !allowDuplicate) await refuseDuplicate(call, model, id, encodingsOf(encoded))
    const kept = isSame ? old : record
    // Written even when nothing changed: what KV gave us to read may be a minute old.
    await call.store.put(kept)
    return { status: before.exists ? 200 : 201, body: enrolment(kept, encoded) }
  },
}

export const addImages: Endpoint = {
  method: 'post',
  path: '/admin/identities/{id}/images',
  role: 'admin',
  summary: 'Add photos of a person',
  description:
    `A person may have ${maxEncodings} encodings. A photo that is there already adds none. ` +
    'Each photo must match those that are stored.',
  pathFields,
  body: photosOnly,
  answers: { 200: { description: 'Added', schema: enrolmentAnswer } },
  errors: ['identity_not_found', 'record_unreadable', 'model_mismatch', ...aboutPhotos],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const { photos, fields } = await readPhotoRequest(call.request, photosOnly)
    const before = await findIdentity(call.store, id)
    const engine = await call.startEngine()
    requireSameModel(before, engine)
    const encoded = await encodePerson(engine, photos, before.encodings, call.thresholds)
    const added = encodingsOf(encoded)
    const encodings = addEncodings(before.encodings, added)
    const isNew = encodings.length > before.encodings.length
    if (!isNew) return { status: 200, body: enrolment(before, encoded) }
    if (!fields.allowDuplicate) await refuseDuplicate(call, engine.model, id, added)
    const kept = { ...before, encodings, updatedAt: call.now.toISOString() }
    await call.store.put(kept)
    return { status: 200, body: enrolment(kept, encoded) }
  },
}

/** What a PUT replaces. A record that cannot be read is replaced too: enrolling anew is how it is repaired. */
async function findReplaced(store: IdentityStore, id: string) {
  try {
    const record = await store.get(id)
    return { exists: record !== null, record }
  } catch (error) {
    if (!(error instanceof FaceError) || error.code !== 'record_unreadable') throw error
    return { exists: true, record: null }
  }
}

function encodingsOf(encoded: readonly EncodedPhoto[]): Float32Array[] {
  return encoded.map(({ encoding }) => encoding)
}

function enrolment(record: IdentityRecord, encoded: readonly EncodedPhoto[]) {
  const images = encoded.map((photo) => ({ outcome: 'encoded', ...photoReport(photo) }))
  return { ...record, encodings: record.encodings.length, images }
}
