/**
 * What the Worker needs from its environment: the keys of both roles, the stores of identities and the keys that encrypt them,
 * what an uncalibrated model decides by, and what is done about faces that may not be live. A setting that is missing or
 * malformed is refused by name (`not_configured`); its value never appears in the message. Pure.
 */
import { z } from 'zod'
import { type LivenessSettings, livenessPolicies } from './decision/liveness.ts'
import { FaceError } from './errors.ts'
import type { DirectoryObject } from './identity/directory-object.ts'
import type { PersonObject } from './identity/person-object.ts'
import { parseTemplateKeys } from './identity/template-keys.ts'
import type { TemplateKey } from './identity/vault.ts'

/** Shorter keys are a mistake: `npm start` writes 43 characters, and 12 random ones are the least worth guarding. */
export const minKeyLength = 12

export interface Settings {
  readonly identities: KVNamespace
  /** One object a person. */
  readonly persons: DurableObjectNamespace<PersonObject>
  /** One object for all. */
  readonly directory: DurableObjectNamespace<DirectoryObject>
  /** At least one; the first seals, all of them open. */
  readonly templateKeys: readonly TemplateKey[]
  readonly adminKeys: readonly string[]
  readonly appKeys: readonly string[]
  /** Distance that matches for models that nobody calibrated; without it they decide nothing. */
  readonly uncalibratedThreshold?: number
  readonly liveness: LivenessSettings
}

// Visible ASCII: what a Bearer header can carry unchanged. The comma separates keys.
const liveKeys = z
  .string({ error: 'is not set' })
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => key.length >= minKeyLength && /^[!-~]+$/.test(key)), {
    error: `must be one or more keys separated by commas, each of at least ${minKeyLength} visible ASCII characters`,
  })

const templateKeys = z.string({ error: 'is not set' }).transform((text, context) => {
  const keys = parseTemplateKeys(text)
  if (keys !== null) return keys
  context.addIssue({
    code: 'custom',
    message: 'must be one or more of id:base64 separated by commas, each with a key of 32 bytes',
  })
  return z.NEVER
})

// A var of wrangler.toml may be a number; on the command line it is text.
function numberOrText(error: string) {
  const text = z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
  return z.union([z.number(), text], { error })
}

const distanceError = 'must be a distance greater than 0, such as 0.5'
const distance = numberOrText(distanceError).refine(
  (value) => Number.isFinite(value) && value > 0,
  { error: distanceError },
)

// 0 would call everything live, and 1 nothing.
const scoreError = 'must be a score between 0 and 1, such as 0.3'
const score = numberOrText(scoreError).refine((value) => value > 0 && value < 1, {
  error: scoreError,
})

const environment = z
  .object({
    IDENTITIES: z.custom<KVNamespace>(isNamespace, { error: 'is not bound to a KV namespace' }),
    PERSON: z.custom<DurableObjectNamespace<PersonObject>>(isObjectNamespace, {
      error: 'is not bound to the Durable Object PersonObject',
    }),
    DIRECTORY: z.custom<DurableObjectNamespace<DirectoryObject>>(isObjectNamespace, {
      error: 'is not bound to the Durable Object DirectoryObject',
    }),
    TEMPLATE_KEYS: templateKeys,
    ADMIN_KEY: liveKeys,
    APP_KEY: liveKeys,
    UNCALIBRATED: distance.optional(),
    LIVENESS: z.enum(livenessPolicies, { error: 'must be off, advise or require' }).default('off'),
    LIVENESS_THRESHOLD: score.optional(),
  })
  // A key with both roles would make every caller an administrator.
  .refine((env) => !env.APP_KEY.some((key) => env.ADMIN_KEY.includes(key)), {
    path: ['APP_KEY'],
    error: 'has a key in common with ADMIN_KEY',
  })

/** Throws `not_configured` with every setting at fault named. */
export function loadSettings(env: unknown): Settings {
  const parsed = environment.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new FaceError('not_configured', `${faults.join('; ')}.`)
  }
  const { IDENTITIES, PERSON, DIRECTORY, TEMPLATE_KEYS, ADMIN_KEY, APP_KEY } = parsed.data
  const { UNCALIBRATED, LIVENESS, LIVENESS_THRESHOLD } = parsed.data
  return {
    identities: IDENTITIES,
    persons: PERSON,
    directory: DIRECTORY,
    templateKeys: TEMPLATE_KEYS,
    adminKeys: ADMIN_KEY,
    appKeys: APP_KEY,
    ...(UNCALIBRATED !== undefined && { uncalibratedThreshold: UNCALIBRATED }),
    liveness: {
      policy: LIVENESS,
      ...(LIVENESS_THRESHOLD !== undefined && { threshold: LIVENESS_THRESHOLD }),
    },
  }
}

function isNamespace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'get' in value && 'list' in value
}

function isObjectNamespace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'idFromName' in value
}
