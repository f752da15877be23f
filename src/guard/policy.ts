/**
 * The guard's settings, with ranges and defaults. A var of wrangler.toml may be a number or a boolean; on the command line it
 * is text. A value that is malformed is refused by name, never replaced by the default. Pure.
 */
import { z } from 'zod'

/** When to refuse attempts at one identity after failures in a row. */
export interface LockoutPolicy {
  /** Failures in a row that lock. */
  readonly after: number
  /** Length of the first lockout; each further failure doubles it. */
  readonly firstSeconds: number
  readonly maxSeconds: number
  /** Failures in a row that lock until an administrator unlocks; absent: never. */
  readonly disableAfter?: number
  /** Attempts per hour, matches included; absent: no limit. */
  readonly attemptsPerHour?: number
}

export interface ChallengePolicy {
  /** How long a challenge is valid. */
  readonly seconds: number
  /** Whether /verify refuses requests without one. */
  readonly required: boolean
}

export interface GuardPolicy {
  readonly lockout: LockoutPolicy
  readonly challenge: ChallengePolicy
  /** Origins whose pages may call from a browser, as in `https://app.example.com`. */
  readonly allowedOrigins: readonly string[]
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const allowedOrigins = z
  .string({ error: 'must be text' })
  .transform((text) =>
    text
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine((origins) => origins.every(isOrigin), {
    error: 'must be exact origins separated by commas, such as https://app.example.com',
  })
  .default([])

/** The vars, for the schema of all settings (settings/environment.ts). */
export const guardVars = {
  LOCKOUT_AFTER: wholeNumber(1, 100)
    .default(5)
    .describe('Failed attempts in a row at one person that lock that person.'),
  LOCKOUT_SECONDS: wholeNumber(1, day)
    .default(30)
    .describe('Length of the first lockout; each further failure doubles it.'),
  LOCKOUT_MAX_SECONDS: wholeNumber(1, day).default(hour).describe('Longest lockout.'),
  DISABLE_AFTER: wholeNumberOrNever(1, 1000)
    .default(50)
    .describe(
      'Failed attempts in a row after which only an administrator unlocks the person; `never` for none.',
    ),
  ATTEMPTS_PER_HOUR: wholeNumber(1, 100_000)
    .default(60)
    .describe(
      'Attempts at one person in an hour, those that match included; and as many draws of poses.',
    ),
  CHALLENGE_SECONDS: wholeNumber(1, 10 * minute)
    .default(minute)
    .describe('How long a challenge may be spent.'),
  REQUIRE_CHALLENGE: trueOrFalse()
    .default(false)
    .describe('Whether `/verify` refuses requests without a challenge.'),
  ALLOWED_ORIGINS: allowedOrigins.describe(
    'Exact origins, separated by commas, whose pages may call from a browser; none unless set.',
  ),
}

type GuardVars = z.output<z.ZodObject<typeof guardVars>>

export function toGuardPolicy(vars: GuardVars): GuardPolicy {
  return {
    lockout: {
      after: vars.LOCKOUT_AFTER,
      firstSeconds: vars.LOCKOUT_SECONDS,
      maxSeconds: vars.LOCKOUT_MAX_SECONDS,
      attemptsPerHour: vars.ATTEMPTS_PER_HOUR,
      ...(vars.DISABLE_AFTER !== 'never' && { disableAfter: vars.DISABLE_AFTER }),
    },
    challenge: { seconds: vars.CHALLENGE_SECONDS, required: vars.REQUIRE_CHALLENGE },
    allowedOrigins: vars.ALLOWED_ORIGINS,
  }
}

/** The allowed origins before the other settings are checked; a malformed list allows none. */
export function readAllowedOrigins(env: object | undefined): readonly string[] {
  const { ALLOWED_ORIGINS } = { ALLOWED_ORIGINS: undefined, ...env }
  return allowedOrigins.safeParse(ALLOWED_ORIGINS).data ?? []
}

function wholeNumber(min: number, max: number) {
  return numberWithin(min, max, `must be a whole number from ${min} to ${max}`)
}

function wholeNumberOrNever(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}, or never`
  return z.union([z.literal('never'), numberWithin(min, max, error)], { error })
}

function numberWithin(min: number, max: number, error: string) {
  const fromText = z.string().regex(/^\d+$/).transform(Number)
  return z
    .union([z.number(), fromText], { error })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error })
}

export function trueOrFalse() {
  const fromText = z.enum(['true', 'false']).transform((text) => text === 'true')
  return z.union([z.boolean(), fromText], { error: 'must be true or false' })
}

/** With a wildcard, a path, a trailing slash or a default port it would compare equal to no Origin header. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
}
