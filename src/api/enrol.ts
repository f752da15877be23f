/**
 * PUT /admin/identities/{id} and POST /admin/identities/{id}/images: a person's photos become encodings and are kept; the
 * photos are not. All photos must be good, or nothing is stored. Repeating either request changes nothing.
 */
import { z } from '@hono/zod-openapi'
import { FaceError } from '../errors.ts'
import type { FaceEngine } from '../face-engine.ts'
import type { IdentityStore } from '../identity/kv-store.ts'
import { addEncodings, isSameEnrolment } from '../identity/merge.ts'
import { type IdentityRecord, maxEncodings } from '../identity/record.ts'
import type { EncodedPhoto } from '../pipeline.ts'
import { enrolmentAnswer } from './answers.ts'
import { encodeFace, photoReport } from './encode-face.ts'
import type { Endpoint } from './endpoint.ts'
import { identityId, parseFields, personName } from './fields.ts'
import { findIdentity, requireSameModel } from './find-identity.ts'
import type { PhotoInput } from './photo-input.ts'
import { readPhotoRequest } from './read-photo-request.ts'

const pathFields = z.object({ id: identityId })
const photosAndName: PhotoInput<z.ZodObject<{ name: z.ZodOptional<typeof personName> }>> = {
  photos: ['image'],
  many: true,
  fields: z.object({ name: personName.optional() }),
}
const photosOnly: PhotoInput = { photos: ['image'], many: true, fields: z.object({}) }

export const putIdentity: Endpoint = {
  method: 'put',
  path: '/admin/identities/{id}',
  role: 'admin',
  summary: 'Enrol a person, or enrol them anew',
  description: 'Replaces name and encodings of a person who is enrolled already.',
  pathFields,
  body: photosAndName,
  answers: {
    200: { description: 'Replaced', schema: enrolmentAnswer },
    201: { description: 'Created', schema: enrolmentAnswer },
  },
  errors: ['too_many_images', 'no_face', 'multiple_faces', 'face_too_small'],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const { photos, fields } = await readPhotoRequest(call.request, photosAndName)
    const before = await findReplaced(call.store, id)
    const engine = await call.startEngine()
    const encoded = await encodeAll(engine, photos)
    const now = call.now.toISOString()
    const record: IdentityRecord = {
      identity: id,
      ...fields,
      model: engine.model,
      encodings: addEncodings([], encodingsOf(encoded)),
      createdAt: before.record?.createdAt ?? now,
      updatedAt: now,
    }
    const { record: old } = before
    const kept = old !== null && isSameEnrolment(old, record) ? old : record
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
  description: `A person may have ${maxEncodings} encodings. A photo that is there already adds none.`,
  pathFields,
  body: photosOnly,
  answers: { 200: { description: 'Added', schema: enrolmentAnswer } },
  errors: [
    'identity_not_found',
    'record_unreadable',
    'model_mismatch',
    'too_many_images',
    'no_face',
    'multiple_faces',
    'face_too_small',
  ],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const { photos } = await readPhotoRequest(call.request, photosOnly)
    const before = await findIdentity(call.store, id)
    const engine = await call.startEngine()
    requireSameModel(before, engine)
    const encoded = await encodeAll(engine, photos)
    const encodings = addEncodings(before.encodings, encodingsOf(encoded))
    requireRoom(encodings.length)
    const isNew = encodings.length > before.encodings.length
    const kept = isNew ? { ...before, encodings, updatedAt: call.now.toISOString() } : before
    if (isNew) await call.store.put(kept)
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

/** One after the other: the engine works on one photo at a time, and so only one is held decoded. */
async function encodeAll(
  engine: FaceEngine,
  photos: readonly Uint8Array[],
): Promise<EncodedPhoto[]> {
  const encoded: EncodedPhoto[] = []
  for (const [i, photo] of photos.entries()) {
    const label = `photo ${i + 1} of ${photos.length}`
    encoded.push(await encodeFace(engine, photo, { mirror: true, label }))
  }
  return encoded
}

function encodingsOf(encoded: readonly EncodedPhoto[]): Float32Array[] {
  return encoded.map(({ encoding }) => encoding)
}

function requireRoom(encodings: number): void {
  if (encodings <= maxEncodings) return
  throw new FaceError(
    'too_many_images',
    `The person would have ${encodings} encodings; ${maxEncodings} at most.`,
  )
}

function enrolment(record: IdentityRecord, encoded: readonly EncodedPhoto[]) {
  const images = encoded.map((photo) => ({ outcome: 'encoded', ...photoReport(photo) }))
  return { ...record, encodings: record.encodings.length, images }
}
