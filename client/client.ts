/**
 * facegate/client: one method an endpoint, for browsers, React Native, Node and Workers; no dependencies. Types come from the
 * service's own schemas. A call is sent once and never again by itself: whether to try again is the caller's to decide,
 * by `retryable`. Every failure is a FacegateError; an answer that leaves a doubt about who it is about is one too.
 */
import type {
  AddImagesFields,
  Challenge,
  ChallengeFields,
  CompareFields,
  Comparison,
  Detection,
  Encoding,
  EnrollFields,
  Enrollment,
  ForgottenModels,
  Health,
  Identity,
  IdentityPage,
  KeySet,
  ListIdentitiesFields,
  PruneModelsFields,
  Recognition,
  RecognizeFields,
  Reencryption,
  ReencryptPeopleFields,
  UpdateIdentityFields,
  Verification,
  VerifyFields,
} from './contract.ts'
import { clientError } from './facegate-error.ts'
import { type Photo, photoForm } from './photo-form.ts'
import {
  type CallOptions,
  type ChangeOptions,
  type Fetch,
  type Outgoing,
  type Received,
  send,
  type Versioned,
} from './send.ts'

export type * from './contract.ts'
export {
  type ClientErrorCode,
  FacegateError,
  type FacegateErrorCode,
  type FacegateErrorInit,
} from './facegate-error.ts'
export type { Photo, PhotoFile } from './photo-form.ts'
export type { CallOptions, ChangeOptions, Versioned } from './send.ts'

export interface ClientOptions {
  /** Where the service is, as in `https://facegate.example.workers.dev`. */
  readonly url: string
  /** A live key, or a function that gives one, asked at every call. It is sent in a header, never in a URL. */
  readonly key?: string | (() => string | Promise<string>)
  /** Longest time of a call with its answer; 30,000 unless given. */
  readonly timeoutMs?: number
  /** Allows `http:` to other machines than this one, where everybody on the way sees key and photos. */
  readonly allowHttp?: boolean
  /** The platform's own unless given. */
  readonly fetch?: Fetch
}

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
  verify(input: VerifyFields & OnePhoto, options?: CallOptions): Promise<Verification>
  /** A single-use token that the next `verify` of this person carries. */
  challenge(input: ChallengeFields, options?: CallOptions): Promise<Challenge>
  /** Who of everybody enrolled is this? */
  recognize(input: RecognizeFields & OnePhoto, options?: CallOptions): Promise<Recognition>
  /** Do two photos show the same person? */
  compare(
    input: CompareFields & { readonly left: Photo; readonly right: Photo },
    options?: CallOptions,
  ): Promise<Comparison>
  /** Every face in a photo. */
  detect(input: OnePhoto, options?: CallOptions): Promise<Detection>
  /** The 128 numbers of a face. Role admin, as everything below but `health`. */
  encode(input: OnePhoto, options?: CallOptions): Promise<Encoding>
  /** Enrolls a person, or enrolls them anew; with `ifNoneMatch: '*'` only who is not enrolled yet. */
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
  /** Renames a person, or says when to forget them; null removes what was said. */
  updateIdentity(
    identity: string,
    changes: UpdateIdentityFields,
    options?: ChangeOptions,
  ): Promise<Versioned<Identity>>
  /** Ends a lockout; the count of failures begins anew. */
  unlockIdentity(identity: string, options?: CallOptions): Promise<void>
  /** Forgets a person. */
  deleteIdentity(identity: string, options?: ChangeOptions): Promise<void>
  /** Seals people with the key that is first now; again with the cursor until there is none. */
  reencryptPeople(input?: ReencryptPeopleFields, options?: CallOptions): Promise<Reencryption>
  /** Drops encodings of networks that run no more; again with the cursor until there is none. */
  pruneModels(input?: PruneModelsFields, options?: CallOptions): Promise<ForgottenModels>
  /** The keys that receipts are checked with. Takes no key. */
  publicKeys(options?: CallOptions): Promise<KeySet>
  /** Does the service work? Takes no key. */
  health(options?: CallOptions): Promise<Health>
}

type SentOptions = ChangeOptions & { readonly ifNoneMatch?: '*' }

const defaultTimeoutMs = 30_000

/** Throws a TypeError when the address is none, or not a safe one. */
export function createClient(options: ClientOptions): FacegateClient {
  const base = checkUrl(options.url, options.allowHttp ?? false)
  const { timeoutMs = defaultTimeoutMs, fetch = (url, init) => globalThis.fetch(url, init) } =
    options

  /** The answer's shape is the service's promise; what a decision hangs on is checked below all the same. */
  async function call<Answer>(
    method: Outgoing['method'],
    path: string,
    body?: FormData | object,
    callOptions?: SentOptions,
  ): Promise<Answer> {
    return (await exchange(method, path, body, callOptions)).body as Answer
  }

  async function callVersioned<Answer>(
    method: Outgoing['method'],
    path: string,
    body?: FormData | object,
    callOptions?: SentOptions,
  ): Promise<Versioned<Answer>> {
    const { body: answer, etag } = await exchange(method, path, body, callOptions)
    return { ...(answer as Answer), ...(etag !== undefined && { etag }) }
  }

  async function exchange(
    method: Outgoing['method'],
    path: string,
    body?: FormData | object,
    callOptions: SentOptions = {},
  ): Promise<Received> {
    const key = typeof options.key === 'function' ? await options.key() : options.key
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (key !== undefined) headers.Authorization = `Bearer ${key}`
    if (callOptions.ifMatch !== undefined) headers['If-Match'] = callOptions.ifMatch
    if (callOptions.ifNoneMatch !== undefined) headers['If-None-Match'] = callOptions.ifNoneMatch
    const isJson = body !== undefined && !(body instanceof FormData)
    if (isJson) headers['Content-Type'] = 'application/json'
    const sent = isJson ? JSON.stringify(body) : body
    const outgoing = { method, url: `${base}${path}`, headers, ...(sent && { body: sent }) }
    return await send(outgoing, fetch, {
      signal: callOptions.signal,
      timeoutMs: callOptions.timeoutMs ?? timeoutMs,
    })
  }

  return {
    async verify({ image, ...fields }, callOptions) {
      const form = photoForm([['image', image]], fields)
      const answer = await call<Verification>('POST', '/verify', form, callOptions)
      requireDecision(answer, ['match', 'no_match'])
      if (answer.identity !== fields.identity) {
        throw clientError('unexpected_answer', 'The answer is about somebody else.')
      }
      return answer
    },
    challenge: async (input, callOptions) => call('POST', '/challenge', input, callOptions),
    async recognize({ image, ...fields }, callOptions) {
      const form = photoForm([['image', image]], fields)
      const answer = await call<Recognition>('POST', '/recognize', form, callOptions)
      requireDecision(answer, ['match', 'no_match', 'ambiguous'])
      return answer
    },
    async compare({ left, right, ...fields }, callOptions) {
      const photos = [['left', left] as const, ['right', right] as const]
      const form = photoForm(photos, fields)
      const answer = await call<Comparison>('POST', '/compare', form, callOptions)
      requireDecision(answer, ['match', 'no_match'])
      return answer
    },
    detect: async ({ image }, callOptions) =>
      call('POST', '/detect', photoForm([['image', image]], {}), callOptions),
    encode: async ({ image }, callOptions) =>
      call('POST', '/encode', photoForm([['image', image]], {}), callOptions),
    enroll: async (identity, { images, ...fields }, callOptions) =>
      callVersioned('PUT', pathOf(identity), photoForm(named(images), fields), callOptions),
    addImages: async (identity, { images, ...fields }, callOptions) =>
      callVersioned(
        'POST',
        `${pathOf(identity)}/images`,
        photoForm(named(images), fields),
        callOptions,
      ),
    listIdentities: async (input = {}, callOptions) =>
      call('GET', `/admin/identities${toQuery(input)}`, undefined, callOptions),
    getIdentity: async (identity, callOptions) =>
      callVersioned('GET', pathOf(identity), undefined, callOptions),
    updateIdentity: async (identity, changes, callOptions) =>
      callVersioned('PATCH', pathOf(identity), changes, callOptions),
    unlockIdentity: async (identity, callOptions) =>
      call('POST', `${pathOf(identity)}/unlock`, undefined, callOptions),
    deleteIdentity: async (identity, callOptions) =>
      call('DELETE', pathOf(identity), undefined, callOptions),
    reencryptPeople: async (input = {}, callOptions) =>
      call('POST', `/admin/re-encrypt${toQuery(input)}`, undefined, callOptions),
    pruneModels: async (input = {}, callOptions) =>
      call('POST', `/admin/prune-models${toQuery(input)}`, undefined, callOptions),
    publicKeys: async (callOptions) =>
      call('GET', '/.well-known/jwks.json', undefined, callOptions),
    health: async (callOptions) => call('GET', '/health', undefined, callOptions),
  }
}

/** The address without a slash at its end. Not by `URL`, which React Native has only in part. */
function checkUrl(url: string, allowHttp: boolean): string {
  const parts = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?$/i.exec(url)
  if (parts === null) throw new TypeError('url: expected an address such as https://example.com')
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(parts[2]!)
  if (parts[1]!.toLowerCase() === 'http' && !isLocal && !allowHttp) {
    throw new TypeError('url: expected https; http sends key and photos in the clear (allowHttp)')
  }
  return url.replace(/\/+$/, '')
}

function requireDecision(answer: { readonly decision: string }, known: readonly string[]): void {
  if (known.includes(answer?.decision)) return
  throw clientError('unexpected_answer', 'The answer has no decision that this client knows.')
}

function pathOf(identity: string): string {
  return `/admin/identities/${encodeURIComponent(identity)}`
}

function named(images: readonly Photo[]) {
  return images.map((image) => ['image', image] as const)
}

function toQuery(fields: object): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
