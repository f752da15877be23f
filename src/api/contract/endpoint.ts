/**
 * What an endpoint is: its contract as data (which becomes its route, its key check and its page in /openapi.json) and a
 * handler that gets everything it needs in a `Call`. Handlers return plain data; the app turns it into an HTTP answer.
 */

import type { z } from '@hono/zod-openapi'
import type { LivenessSettings } from '../../decision/liveness.ts'
import type { Thresholds } from '../../decision/thresholds.ts'
import type { FaceEngine } from '../../engine/face-engine.ts'
import type { ErrorCode } from '../../errors/error-table.ts'
import type { Gallery } from '../../gallery/search/gallery.ts'
import type { RecentGallery } from '../../gallery/search/recent-gallery.ts'
import type { SessionUse } from '../../guard/caller/authenticate.ts'
import type { Role } from '../../guard/caller/keys.ts'
import type { ReceiptSigner } from '../../guard/receipt.ts'
import type { SessionClaims } from '../../guard/session.ts'
import type { IdentityStore } from '../../identity/store.ts'
import type { PersonGuard } from '../../people/claim/person-guard.ts'
import type { SessionDesk } from '../../people/claim/session-desk.ts'
import type { HeaderContracts } from '../answer/answer-headers.ts'
import type { Detail } from '../answer/hide-scores.ts'
import type { PhotoInput } from '../request/photo-input.ts'

/** One request on its way through, with all that a handler may use. */
export interface Call {
  readonly request: Request
  readonly requestId: string
  /** From the path, not yet checked. */
  readonly pathFields: ReadonlyMap<string, string>
  readonly store: IdentityStore
  /** When the request came. */
  readonly now: Date
  /** The current time, for values that must not be older than the answer. */
  readonly clock: () => Date
  /** Id of the key that asks, or that opened the session; empty where none is needed. */
  readonly keyId: string
  /** Whether the key has the role `admin`. */
  readonly isAdmin: boolean
  /** Of a request with the token of a session in place of a key. */
  readonly session?: SessionClaims
  /** Charges the photos of a session's try, once it is admitted; a request with a key was charged before. */
  readonly chargeTry: (photos: number) => Promise<void>
  /**
   * Before anything is compared: an answer that is withheld for the budget of its key or device shall say nothing by the time that it
   * takes. Throws `rate_limited`.
   */
  readonly requireLeft: () => void
  /** How much of a decision the caller may be told. */
  readonly detail: Detail
  /** Starts the engine at the first use; throws `engine_unavailable`. */
  readonly startEngine: () => Promise<FaceEngine>
  /** Everybody in `store`, by face. */
  readonly gallery: Gallery
  /** The same as it was some seconds ago, a minute at most, without waiting for the directory. */
  readonly recentGallery: RecentGallery
  /** Whether decisions may rest on copies in KV alone. */
  readonly isEdge: boolean
  /** Throws `invalid_request` for a rate that is not calibrated, `not_configured` for a model or count that is not. */
  readonly thresholds: Thresholds
  /** What is done about faces that may not be live; createLivenessCheck applies it to an engine. */
  readonly liveness: LivenessSettings
  /** Stands before everybody in `store`: attempts and challenges. */
  readonly guard: PersonGuard
  readonly sessions: SessionDesk
  readonly receipts: ReceiptSigner
  /** Who receipts say they are from. Throws `not_configured`. */
  readonly issuer: () => string
  /** Whether somebody else enrolled who is nearer keeps a face from matching. */
  readonly rivals: boolean
  /** Also counts the request's outcome for this device. Throws `rate_limited`. */
  readonly nameDevice: (device: string) => void
  /** The request itself names whom it is about, who may not be enrolled; notes them too. Throws `rate_limited`. */
  readonly nameIdentity: (identity: string) => void
  readonly checkHealth: (engine: FaceEngine) => Promise<void>
  /** Tells the audit line whom the request is about, when that stands neither in its path nor in the answer. */
  readonly noteIdentity: (identity: string) => void
  /** Leaves audit lines about people whom a request that names nobody has changed, beside the one about the request. */
  readonly auditPeople: (outcome: string, identities: readonly string[]) => void
}

/** A successful answer; its status is one of the endpoint's `answers`. */
export interface Answer {
  readonly status: 200 | 201 | 204
  /** Beside those of every answer. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** In place of `body`: whole lines of NDJSON, made while they are read. */
  readonly lines?: AsyncIterable<string>
}

export interface AnswerContract {
  readonly description: string
  /** Besides those of every answer. */
  readonly headers?: HeaderContracts
  /** Absent for an answer without a body, and for lines. */
  readonly schema?: z.ZodType
  /** Of each line, for an answer of NDJSON. */
  readonly line?: z.ZodType
}

/** A body of NDJSON. */
export interface LinesInput {
  readonly description: string
  /** Of each line. */
  readonly line: z.ZodType
}

/** The groups of endpoints, and what stands over each. */
export const tags = {
  faces: 'Compare, find and encode faces.',
  sessions: 'Let a phone send the photo: for the backend, with a key of the role `app`.',
  admin: 'Enroll, list and delete people, with a key of the role `admin`.',
} as const

export type Tag = keyof typeof tags

export interface Endpoint {
  /** Its name in /openapi.json, and the method of the client (client/src/client.ts). */
  readonly operationId: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With fields of the path in braces, as in OpenAPI. */
  readonly path: string
  /** Whose key it takes; `none` takes requests without. */
  readonly role: Role | 'none'
  /** Sessions whose token it takes in place of a key. */
  readonly takesSession?: SessionUse
  /** Whether it is no work that a budget need limit. */
  readonly isFree?: boolean
  /** Where the contract and /docs list it. */
  readonly tag: Tag
  /** Whether it reads or changes who is enrolled, and so can meet a store that is down. */
  readonly usesStore: boolean
  readonly summary: string
  readonly description?: string
  readonly pathFields?: z.ZodObject
  readonly query?: z.ZodObject
  /** Headers of its own, such as If-Match. */
  readonly headers?: z.ZodObject
  /** Of a body with photos. */
  readonly body?: PhotoInput
  /** Fields of a body that is JSON and holds no photo. */
  readonly json?: z.ZodObject
  readonly lines?: LinesInput
  readonly answers: Readonly<Partial<Record<Answer['status'], AnswerContract>>>
  /** What can go wrong beside what can go wrong anywhere (openapi.ts). */
  readonly errors: readonly ErrorCode[]
  handle(call: Call): Promise<Answer>
}

/** NDJSON either way: a stream of lines, which no one example shows. */
export function hasLines({ answers }: Pick<Endpoint, 'answers'>): boolean {
  return Object.values(answers).some(({ line }) => line !== undefined)
}
