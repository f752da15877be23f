/**
 * facegate-client: one method an endpoint, for browsers, React Native, Node and Workers; no dependencies. Types come from the
 * service's own schemas. A call is sent once, unless the caller sets a policy for sending it again; whether that is worth it,
 * `retryable` says. Every failure is a FacegateError; an answer that leaves a doubt about who it is about is one too.
 */

import { type ClientOptions, openConnection } from './connection.ts'
import type {
  AddImagesFields,
  AnnouncePhotoFields,
  Challenge,
  ChallengeFields,
  CompareFields,
  Comparison,
  Detection,
  Encoding,
  EnrollFields,
  Enrollment,
  ExportPeopleFields,
  ForgottenModels,
  Health,
  Identity,
  IdentityPage,
  ImportPeopleFields,
  KeySet,
  ListIdentitiesFields,
  OpenedSession,
  OpenSessionFields,
  Poses,
  PruneModelsFields,
  Recognition,
  RecognizeFields,
  Reencryption,
  ReencryptPeopleFields,
  Session,
  UpdateIdentityFields,
  Verification,
  VerifyFields,
} from './contract.ts'
import { requireDecision } from './decision.ts'
import { clientError } from './facegate-error.ts'
import {
  type ExportedLine,
  exportPeople,
  type ImportedLine,
  type ImportedPerson,
  importPeople,
} from './people-lines.ts'
import { type Photo, photoForm } from './photo-form.ts'
import { toQuery } from './query.ts'
import type { CallOptions, ChangeOptions, Versioned } from './send.ts'

export type { BindingAnswer, FacegateBinding } from './binding.ts'
export type { ClientOptions } from './connection.ts'
export type * from './contract.ts'
export {
  type ClientErrorCode,
  FacegateError,
  type FacegateErrorCode,
  type FacegateErrorInit,
} from './facegate-error.ts'
export { pagesOf } from './pages.ts'
export type { ExportedLine, ImportedLine, ImportedPerson } from './people-lines.ts'
export type { Photo, PhotoFile } from './photo-form.ts'
export { type PhotoTarget, type Picture, preparePhoto, type Rescale } from './prepare-photo.ts'
export { isPassing, type RetryPolicy } from './retry.ts'
export type { CallOptions, ChangeOptions, Versioned } from './send.ts'
export {
  createSessionClient,
  type SessionClient,
  type SessionClientOptions,
} from './session-client.ts'

interface OnePhoto {
  readonly image: Photo
}

interface SeveralPhotos {
  /** 1 to 10 photos of one person, 24 MiB together. */
  readonly images: readonly Photo[]
}

/** Methods reject with a FacegateError, or with what the caller's own `key` function throws. */
export interface FacegateClient {
  /** Is this the person they say they are? "Not the same person" is the decision `no_match`, never an error. */
  verify(
    input: VerifyFields & { readonly identity: string } & OnePhoto,
    options?: CallOptions,
  ): Promise<Verification>
  /** For a phone: the token of what it gives sends one photo to `verify` or `recognize`. */
  openSession(input?: OpenSessionFields, options?: CallOptions): Promise<OpenedSession>
  /** For a phone, with the token of a session as its key: the poses that it asks for; their time begins now. */
  drawPoses(options?: CallOptions): Promise<Poses>
  /** The same, where poses are told one by one: announces the photo of the last one by its SHA-256, and gives those told by now. */
  announcePhoto(input: AnnouncePhotoFields, options?: CallOptions): Promise<Poses>
  /** What came of a session. */
  getSession(session: string, options?: CallOptions): Promise<Session>
  /** Ends a session and forgets it. */
  revokeSession(session: string, options?: CallOptions): Promise<void>
  /** A single-use token that the next `verify` of this person carries. */
  challenge(input: ChallengeFields, options?: CallOptions): Promise<Challenge>
  /** Which enrolled person is this? */
  recognize(input: RecognizeFields & OnePhoto, options?: CallOptions): Promise<Recognition>
  /** Do two photos show the same person? */
  compare(
    input: CompareFields & { readonly left: Photo; readonly right: Photo },
    options?: CallOptions,
  ): Promise<Comparison>
  /** Every face in a photo. */
  detect(input: OnePhoto, options?: CallOptions): Promise<Detection>
  /** The encoding of a face. Role admin, as everything below but `health`. */
  encode(input: OnePhoto, options?: CallOptions): Promise<Encoding>
  /** Enrolls a person or replaces their enrollment; with `ifNoneMatch: '*'` only if they are not enrolled yet. */
  enroll(
    identity: string,
    input: EnrollFields & SeveralPhotos,
    options?: ChangeOptions & { readonly ifNoneMatch?: '*' },
  ): Promise<Versioned<Enrollment>>
  /** Adds photos of a person. */
  addImages(
    identity: string,
    input: AddImagesFields & SeveralPhotos,
    options?: ChangeOptions,
  ): Promise<Versioned<Enrollment>>
  /** One page of who is enrolled. */
  listIdentities(input?: ListIdentitiesFields, options?: CallOptions): Promise<IdentityPage>
  getIdentity(identity: string, options?: CallOptions): Promise<Versioned<Identity>>
  /** Renames a person or sets when to delete them; null removes the value. */
  updateIdentity(
    identity: string,
    changes: UpdateIdentityFields,
    options?: ChangeOptions,
  ): Promise<Versioned<Identity>>
  /** Ends a lockout; the count of failures is reset. */
  unlockIdentity(identity: string, options?: CallOptions): Promise<void>
  /** Forgets a person. */
  deleteIdentity(identity: string, options?: ChangeOptions): Promise<void>
  /** Everybody with their encodings, in parts of `limit` people, each checked whole before its lines are handed on. */
  exportPeople(
    input?: ExportPeopleFields,
    options?: CallOptions,
  ): AsyncGenerator<ExportedLine, void>
  /** Enrolls people with encodings that were computed before, 500 a request; the time limit is that of one request. */
  importPeople(
    people: Iterable<ImportedPerson> | AsyncIterable<ImportedPerson>,
    fields?: ImportPeopleFields,
    options?: CallOptions,
  ): AsyncGenerator<ImportedLine, void>
  /** Seals people with the key that is first now; again with the cursor until there is none. */
  reencryptPeople(input?: ReencryptPeopleFields, options?: CallOptions): Promise<Reencryption>
  /** Drops encodings of networks that run no more; again with the cursor until there is none. */
  pruneModels(input?: PruneModelsFields, options?: CallOptions): Promise<ForgottenModels>
  /** The keys that receipts are checked with. Takes no key. */
  publicKeys(options?: CallOptions): Promise<KeySet>
  /** Does the service work? Takes no key. */
  health(options?: CallOptions): Promise<Health>
}

/** Throws a TypeError when the address is none, or not a safe one. */
export function createClient(options: ClientOptions): FacegateClient {
  const connection = openConnection(options)
  const { call, callVersioned } = connection
  return {
    async verify({ image, ...fields }, callOptions) {
      const body = photoForm([['image', image]], fields)
      const question = { method: 'POST', path: '/verify', body, isAttempt: true } as const
      const answer = await call<Verification>(question, callOptions)
      requireDecision(answer, ['match', 'no_match'])
      if (answer.identity !== fields.identity) {
        throw clientError('unexpected_answer', 'The answer is about somebody else.')
      }
      return answer
    },
    openSession: async (body = {}, callOptions) =>
      call({ method: 'POST', path: '/sessions', body }, callOptions),
    drawPoses: async (callOptions) =>
      call({ method: 'POST', path: '/poses', body: {} }, callOptions),
    announcePhoto: async (body, callOptions) =>
      call({ method: 'POST', path: '/poses/next', body }, callOptions),
    getSession: async (session, callOptions) =>
      call({ method: 'GET', path: `/sessions/${encodeURIComponent(session)}` }, callOptions),
    revokeSession: async (session, callOptions) =>
      call({ method: 'DELETE', path: `/sessions/${encodeURIComponent(session)}` }, callOptions),
    challenge: async (body, callOptions) =>
      call({ method: 'POST', path: '/challenge', body }, callOptions),
    async recognize({ image, ...fields }, callOptions) {
      const body = photoForm([['image', image]], fields)
      const question = { method: 'POST', path: '/recognize', body, isOnce: true } as const
      const answer = await call<Recognition>(question, callOptions)
      requireDecision(answer, ['match', 'no_match', 'ambiguous'])
      return answer
    },
    async compare({ left, right, ...fields }, callOptions) {
      const photos = [['left', left] as const, ['right', right] as const]
      const question = {
        method: 'POST',
        path: '/compare',
        body: photoForm(photos, fields),
      } as const
      const answer = await call<Comparison>(question, callOptions)
      requireDecision(answer, ['match', 'no_match'])
      return answer
    },
    detect: async ({ image }, callOptions) => {
      const body = photoForm([['image', image]], {})
      return call({ method: 'POST', path: '/detect', body }, callOptions)
    },
    encode: async ({ image }, callOptions) => {
      const body = photoForm([['image', image]], {})
      return call({ method: 'POST', path: '/encode', body }, callOptions)
    },
    enroll: async (identity, { images, ...fields }, callOptions) => {
      const body = photoForm(named(images), fields)
      return callVersioned({ method: 'PUT', path: pathOf(identity), body }, callOptions)
    },
    addImages: async (identity, { images, ...fields }, callOptions) => {
      const body = photoForm(named(images), fields)
      const path = `${pathOf(identity)}/images`
      return callVersioned({ method: 'POST', path, body, isOnce: true }, callOptions)
    },
    listIdentities: async (input = {}, callOptions) =>
      call({ method: 'GET', path: `/admin/identities${toQuery(input)}` }, callOptions),
    getIdentity: async (identity, callOptions) =>
      callVersioned({ method: 'GET', path: pathOf(identity) }, callOptions),
    updateIdentity: async (identity, body, callOptions) =>
      callVersioned({ method: 'PATCH', path: pathOf(identity), body }, callOptions),
    unlockIdentity: async (identity, callOptions) =>
      call({ method: 'POST', path: `${pathOf(identity)}/unlock` }, callOptions),
    deleteIdentity: async (identity, callOptions) => {
      await callVersioned({ method: 'DELETE', path: pathOf(identity) }, callOptions)
    },
    exportPeople: (input = {}, callOptions) => exportPeople(connection, input, callOptions),
    importPeople: (people, fields = {}, callOptions) =>
      importPeople(connection, people, fields, callOptions),
    reencryptPeople: async (input = {}, callOptions) =>
      call({ method: 'POST', path: `/admin/re-encrypt${toQuery(input)}` }, callOptions),
    pruneModels: async (input = {}, callOptions) =>
      call({ method: 'POST', path: `/admin/prune-models${toQuery(input)}` }, callOptions),
    publicKeys: async (callOptions) =>
      call({ method: 'GET', path: '/.well-known/jwks.json' }, callOptions),
    health: async (callOptions) => call({ method: 'GET', path: '/health' }, callOptions),
  }
}

function pathOf(identity: string): string {
  return `/admin/identities/${encodeURIComponent(identity)}`
}

function named(images: readonly Photo[]) {
  return images.map((image) => ['image', image] as const)
}
