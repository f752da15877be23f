/**
 * The environment as the code uses it: the keys of both roles, the stores of identities and the keys that encrypt them, which index
 * searches them, the keys that sign receipts, how strict the guard is, at which rate to decide and how much of a decision to reveal, and
 * what is done about faces that may not be live. What is missing or malformed is refused by name (`not_configured`); its value never
 * appears in the message. Pure.
 */
import type { z } from 'zod'
import type { Detail } from '../api/answer/hide-scores.ts'
import type { LivenessSettings } from '../decision/liveness.ts'
import { FaceError } from '../errors/face-error.ts'
import type { IndexChoice } from '../gallery/index-choice.ts'
import type { Limiters } from '../guard/caller/budgets.ts'
import { type GuardPolicy, toGuardPolicy } from '../guard/policy.ts'
import type { ReceiptKey } from '../guard/receipt.ts'
import type { DirectoryObject } from '../identity/directory/directory-object.ts'
import type { PersonObject } from '../identity/objects/person-object.ts'
import type { SessionObject } from '../identity/objects/session-object.ts'
import { placeObjects, readPlacement } from '../identity/reach/place-objects.ts'
import type { TemplateKey } from '../identity/vault.ts'
import type { EngineKind } from '../network/engine-kind.ts'
import { environment } from './environment.ts'

export interface Settings {
  readonly identities: KVNamespace
  /** One object a person. */
  readonly persons: DurableObjectNamespace<PersonObject>
  /** One object for each part of everybody. */
  readonly directory: DurableObjectNamespace<DirectoryObject>
  /** One object a session for whoever is recognized. */
  readonly sessions: DurableObjectNamespace<SessionObject>
  /** At least one; the first seals, all of them open. */
  readonly templateKeys: readonly TemplateKey[]
  /** Entries: `id:key`, or the key alone. */
  readonly adminKeys: readonly string[]
  readonly appKeys: readonly string[]
  /** At least one; the first signs. */
  readonly receiptKeys: readonly ReceiptKey[]
  /** Counts failed authentications, by client. */
  readonly adminFailures: RateLimit
  /** Count what keys of the role `app` cost. */
  readonly limiters: Limiters
  readonly guard: GuardPolicy
  /** How much of a decision callers of the role `app` see. */
  readonly detail: Detail
  /** Who receipts say they are from. */
  readonly issuer?: string
  /** Whether somebody else enrolled who is nearer keeps a face from matching. */
  readonly rivals: boolean
  /** Where audit lines go in addition to the log. */
  readonly auditDataset?: AnalyticsEngineDataset
  /** Absent unless bound. */
  readonly images?: ImagesBinding
  readonly index: IndexChoice
  /** Whether decisions may rest on copies in KV alone. */
  readonly isEdge: boolean
  /** The service's own rate. */
  readonly fmr: number | undefined
  /** Distance that matches for uncalibrated models; without it they decide nothing. */
  readonly uncalibratedThreshold?: number
  readonly liveness: LivenessSettings
  /** What runs the networks. */
  readonly engine: EngineKind
}

/** Throws `not_configured` with every setting at fault named. */
export function loadSettings(env: unknown): Settings {
  const parsed = environment.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new FaceError('not_configured', `${faults.join('; ')}.`)
  }
  const { data } = parsed
  const placement = readPlacement(data)
  return {
    identities: data.IDENTITIES,
    persons: placeObjects(data.PERSON, placement),
    directory: placeObjects(data.DIRECTORY, placement),
    sessions: placeObjects(data.SESSION, placement),
    isEdge: data.CONSISTENCY === 'edge',
    templateKeys: data.TEMPLATE_KEYS,
    adminKeys: data.ADMIN_KEY,
    appKeys: data.APP_KEY,
    receiptKeys: data.RECEIPT_KEYS,
    adminFailures: data.ADMIN_FAILURES,
    limiters: {
      keyWork: data.KEY_WORK,
      keyFailures: data.KEY_FAILURES,
      deviceFailures: data.DEVICE_FAILURES,
    },
    detail: data.DETAIL,
    ...(data.ISSUER !== undefined && { issuer: data.ISSUER }),
    rivals: data.RIVALS,
    guard: toGuardPolicy(data),
    engine: data.ENGINE,
    index: chooseIndex(data),
    ...(data.AUDIT !== undefined && { auditDataset: data.AUDIT }),
    ...(data.IMAGES !== undefined && { images: data.IMAGES }),
    fmr: data.FMR,
    ...(data.UNCALIBRATED !== undefined && { uncalibratedThreshold: data.UNCALIBRATED }),
    liveness: {
      policy: data.LIVENESS,
      ...(data.LIVENESS_THRESHOLD !== undefined && { threshold: data.LIVENESS_THRESHOLD }),
      ...(data.LIVENESS_POSES !== 'at_once' && { poseTelling: data.LIVENESS_POSES }),
      ...(data.LIVENESS_LEVEL !== 'relief' && { livenessLevel: data.LIVENESS_LEVEL }),
    },
  }
}

function chooseIndex({ INDEX, VECTORIZE }: z.output<typeof environment>): IndexChoice {
  if (INDEX !== 'vectorize') return { kind: INDEX }
  // Refused above when there is none.
  if (VECTORIZE === undefined) throw new FaceError('not_configured', 'VECTORIZE is not bound.')
  return { kind: INDEX, binding: VECTORIZE }
}
