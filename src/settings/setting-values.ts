/**
 * How single settings are written in the environment: lists of keys, numbers that may be text, and bindings, each with the
 * message that refuses anything else and never repeats it. Which settings there are is in settings.ts. Pure.
 */
import { z } from 'zod'
import { parseKeyEntry, shownAs } from '../guard/caller/keys.ts'
import { parseTemplateKeys } from '../identity/template-keys.ts'
import { isPlaceholder } from './placeholder-key.ts'

/** Shorter keys are a mistake: `npm start` writes 43 characters, and 12 random ones are the least worth guarding. */
const minKeyLength = 12

// Visible ASCII: what a Bearer header can carry unchanged. The comma separates keys.
export const liveKeys = z
  .string({ error: 'is not set' })
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .refine((entries) => entries.map(parseKeyEntry).every(({ key }) => isGoodKey(key)), {
    error: `must be one or more keys separated by commas, with or without "id:" before each, each of at least ${minKeyLength} visible ASCII characters, and none that stands in for a key, such as abcabcabcabc or change-me-please`,
  })

function isGoodKey(key: string): boolean {
  return key.length >= minKeyLength && /^[!-~]+$/.test(key) && !isPlaceholder(key)
}

export const templateKeys = z.string({ error: 'is not set' }).transform((text, context) => {
  const keys = parseTemplateKeys(text)
  if (keys !== null) return keys
  context.addIssue({
    code: 'custom',
    message: 'must be one or more of id:base64 separated by commas, each with a key of 32 bytes',
  })
  return z.NEVER
})

// An id, and a private key as `openssl genpkey -algorithm ed25519 -outform DER | base64` writes it.
const receiptKeyPattern = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{40,}={0,2})$/
export const receiptKeys = z
  .string({ error: 'is not set' })
  .transform((text) => text.split(',').map((key) => receiptKeyPattern.exec(key.trim())))
  .refine((keys) => keys.every((key) => key !== null), {
    error: 'must be one or more keys separated by commas, each "<id>:<PKCS #8 in base64>"',
  })
  .transform((keys) => keys.flatMap((key) => (key ? [{ kid: key[1], pkcs8: key[2] }] : [])))
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
    error: 'has two keys of one id',
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
export const distance = numberOrText(distanceError).refine(
  (value) => Number.isFinite(value) && value > 0,
  { error: distanceError },
)

const rateError = 'must be a rate between 0 and 1, such as 0.001'
export const rate = numberOrText(rateError).refine((value) => value > 0 && value < 1, {
  error: rateError,
})

// 0 would call everything live, and 1 nothing.
const scoreError = 'must be a score between 0 and 1, such as 0.3'
export const score = numberOrText(scoreError).refine((value) => value > 0 && value < 1, {
  error: scoreError,
})

/** Whether a text that is accepted as a key of one is accepted as a key of the other. */
export function shareKey(some: readonly string[], others: readonly string[]): boolean {
  const shown = new Set(others.flatMap(shownAs))
  return some.flatMap(shownAs).some((text) => shown.has(text))
}

export function idsOf(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => parseKeyEntry(entry).id ?? [])
}

export function areUnique(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length
}

/** A binding is known by its methods. */
export function bound<Binding>(kind: string, ...methods: readonly string[]) {
  const isBound = (value: unknown) =>
    typeof value === 'object' && value !== null && methods.every((method) => method in value)
  return z.custom<Binding>(isBound, { error: `is not bound to ${kind}` })
}
