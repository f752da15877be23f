/**
 * PUT /admin/identities/{id} and POST /admin/identities/{id}/images: a person's photos become encodings and are kept; the
 * photos are not. All photos must be good, of one person, and of nobody enrolled already, or nothing is stored. Repeating
 * either request changes nothing.
 */

import { z } from '@hono/zod-openapi'
import { photoReport } from '../../engine/encode-face.ts'
import type { FaceEngine } from '../../engine/face-engine.ts'
import type { EncodedPhoto } from '../../engine/pipeline.ts'
import { faceErrors } from '../../errors/error-table.ts'
import { type IdentityRecord, maxEncodings } from '../../identity/record.ts'
import { changeIdentity } from '../../people/change-identity.ts'
import { encodePhotos, requireOnePerson } from '../../people/encode-person.ts'
import { readExpiry } from '../../people/expiry.ts'
import { requireEnrolled, requireSameModel } from '../../people/find-identity.ts'
import {
  addEncodings,
  isSameEnrollment,
  learnSuspicion,
  suspicionTogether,
} from '../../people/merge.ts'
import { expiresAt, identityId, personName } from '../../people/person-fields.ts'
import { photoHint } from '../../people/photo-hint.ts'
import { refuseDuplicate } from '../../people/refuse-duplicate.ts'
import { enrollmentAnswer } from '../contract/answers/people-answers.ts'
import type { Call, Endpoint } from '../contract/endpoint.ts'
import { allowDifferent, allowDuplicate } from '../request/fields.ts'
import { parseFields } from '../request/parse-fields.ts'
import type { PhotoInput } from '../request/photo-input.ts'
import {
  etagHeader,
  etagOf,
  ifMatch,
  ifMatchOrNone,
  readPrecondition,
  requirePrecondition,
} from '../request/preconditions.ts'
import { readPhotoRequest } from '../request/read-photo-request.ts'

const pathFields = z.object({ id: identityId })
const aboutPerson = z.object({
  name: personName.optional(),
  expiresAt: expiresAt.optional(),
  allowDuplicate: allowDuplicate.optional(),
  allowDifferent: allowDifferent.optional(),
})
const photosOfPerson: PhotoInput<typeof aboutPerson> = {
  photos: ['image'],
  many: true,
  fields: aboutPerson,
}
const aboutPhotosOnly = aboutPerson.pick({ allowDuplicate: true, allowDifferent: true })
const photosOnly: PhotoInput<typeof aboutPhotosOnly> = {
  photos: ['image'],
  many: true,
  fields: aboutPhotosOnly,
}
const aboutPhotos = ['too_many_images', ...faceErrors, 'photos_differ', 'duplicate_person'] as const

export const putIdentity: Endpoint = {
  operationId: 'enroll',
  method: 'put',
  path: '/admin/identities/{id}',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Enroll a person, or replace them',
  description:
    'Replaces name, expiry and encodings of a person who is already enrolled. All photos must show one person, and nobody who is ' +
    'enrolled under another identity. If any photo is refused, nothing is stored.',
  pathFields,
  headers: ifMatchOrNone,
  body: photosOfPerson,
  answers: {
    200: { description: 'Replaced', headers: etagHeader, schema: enrollmentAnswer },
    201: { description: 'Created', headers: etagHeader, schema: enrollmentAnswer },
  },
  errors: ['version_conflict', ...aboutPhotos],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const precondition = readPrecondition(call.request.headers, ifMatchOrNone)
    const { photos, fields } = await readPhotoRequest(call.request, photosOfPerson)
    const { allowDuplicate, allowDifferent, name, expiresAt } = fields
    const details = {
      ...(name !== undefined && { name }),
      ...(expiresAt !== undefined && { expiresAt: readExpiry(expiresAt, call.now) }),
    }
    const encodeOnce = once((engine: FaceEngine) => encodePhotos(engine, photos))
    const searchOnce = once((engine: FaceEngine, added: Float32Array[]) =>
      refuseDuplicate(call, engine, id, added),
    )
    let encoded: readonly EncodedPhoto[] = []
    let people: number | undefined
    const { record, before } = await changeIdentity(call.store, id, async (found) => {
      requirePrecondition(precondition, found, id)
      const engine = await call.startEngine()
      const outcomes = await encodeOnce(engine)
      encoded = requireOnePerson(outcomes, [], engine, call.thresholds, allowDifferent)
      const added = encodingsOf(encoded)
      // A record that cannot be read is replaced too: enrolling again repairs it.
      const old = found.kind === 'enrolled' ? found.record : null
      const now = call.now.toISOString()
      const next = {
        identity: id,
        ...details,
        model: engine.model,
        encodings: addEncodings([], added),
        suspicion: suspicionTogether(encoded),
        createdAt: old?.createdAt ?? now,
        updatedAt: now,
      }
      // Encodings of another network stay as long as the photos do; with others they would let the old face in again.
      if (old !== null && isSameEnrollment(old, next)) {
        const learned = learnSuspicion(old, next)
        if (learned !== null) return { kind: 'store', record: { ...learned, updatedAt: now } }
        return { kind: 'keep', record: requireSameModel(old, engine) }
      }
      if (!allowDuplicate) people = await searchOnce(engine, added)
      return { kind: 'store', record: next }
    })
    const status = before.kind === 'nobody' ? 201 : 200
    const body = enrollment(record, encoded, hintFor(call, record, people))
    return { status, headers: etagOf(record), body }
  },
}

export const addImages: Endpoint = {
  operationId: 'addImages',
  method: 'post',
  path: '/admin/identities/{id}/images',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Add photos of a person',
  description:
    `A person has at most ${maxEncodings} encodings. A photo that was added before adds none. ` +
    'Each photo must match those that are stored. Photos that are added at the same moment are all kept.',
  pathFields,
  headers: ifMatch,
  body: photosOnly,
  answers: { 200: { description: 'Added', headers: etagHeader, schema: enrollmentAnswer } },
  errors: [
    'identity_not_found',
    'record_unreadable',
    'model_mismatch',
    'version_conflict',
    ...aboutPhotos,
  ],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const precondition = readPrecondition(call.request.headers, ifMatch)
    const { photos, fields } = await readPhotoRequest(call.request, photosOnly)
    const encodeOnce = once((engine: FaceEngine) => encodePhotos(engine, photos))
    const searchOnce = once((engine: FaceEngine, added: Float32Array[]) =>
      refuseDuplicate(call, engine, id, added),
    )
    let encoded: readonly EncodedPhoto[] = []
    let people: number | undefined
    const { record } = await changeIdentity(call.store, id, async (found) => {
      const enrolled = requireEnrolled(found, id)
      requirePrecondition(precondition, found, id)
      const engine = await call.startEngine()
      const before = requireSameModel(enrolled, engine)
      const outcomes = await encodeOnce(engine)
      encoded = requireOnePerson(
        outcomes,
        before.encodings,
        engine,
        call.thresholds,
        fields.allowDifferent,
      )
      const added = encodingsOf(encoded)
      const encodings = addEncodings(before.encodings, added)
      const isNew = encodings.length > before.encodings.length
      if (!isNew) return { kind: 'keep', record: before }
      if (!fields.allowDuplicate) people = await searchOnce(engine, added)
      return {
        kind: 'store',
        record: {
          ...before,
          encodings,
          suspicion: suspicionTogether(encoded, before),
          updatedAt: call.now.toISOString(),
        },
      }
    })
    const body = enrollment(record, encoded, hintFor(call, record, people))
    return { status: 200, headers: etagOf(record), body }
  },
}

function encodingsOf(encoded: readonly EncodedPhoto[]): Float32Array[] {
  return encoded.map(({ encoding }) => encoding)
}

/** @param people that the person was searched among; undefined when they were not */
function hintFor(
  { thresholds }: Pick<Call, 'thresholds'>,
  { model, encodings }: IdentityRecord,
  people: number | undefined,
): string | undefined {
  if (people === undefined) return undefined
  return photoHint(thresholds.missed(model, people + 1), people + 1, encodings.length)
}

function enrollment(
  record: IdentityRecord,
  encoded: readonly EncodedPhoto[],
  hint: string | undefined,
) {
  const images = encoded.map((photo) => ({ outcome: 'encoded', ...photoReport(photo) }))
  return {
    ...record,
    encodings: record.encodings.length,
    images,
    ...(hint !== undefined && { hint }),
  }
}

/** What depends on the photos alone: a second round need not repeat it. */
function once<Arguments extends unknown[], Result>(
  work: (...given: Arguments) => Promise<Result>,
): (...given: Arguments) => Promise<Result> {
  let kept: { readonly result: Result } | undefined
  return async (...given) => {
    kept ??= { result: await work(...given) }
    return kept.result
  }
}
