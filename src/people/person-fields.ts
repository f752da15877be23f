/**
 * A person's data besides encodings, as zod schemas: identity, name, and expiry. Each is written once, and checks requests,
 * imported lines and identities in audit lines. Messages never repeat what was sent. Pure.
 */
import { z } from '@hono/zod-openapi'
import { expected } from '../lib/field-faults.ts'

const maxNameLength = 200

const controls = /\p{Cc}/u
/** What breaks a line or turns its direction: an administrator would read another name than the one that is stored. */
const misleading = /[\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u

export const identityId = z
  .string(expected('1 to 128 characters of A-Z a-z 0-9 . _ -'))
  .regex(/^[A-Za-z0-9._-]{1,128}$/, expected('1 to 128 characters of A-Z a-z 0-9 . _ -'))
  // URL parsing drops these two.
  .regex(/[^.]|^\.{3}/, expected('more than one or two dots'))
  .openapi({ example: 'younes', description: 'The identity of a person, as enrolled.' })

/** As it may be stored and exported. */
export const storedName = z
  .string(expected('text'))
  .refine(isDisplayable, expected(`1 to ${maxNameLength} characters, no control characters`))
  .openapi({
    minLength: 1,
    maxLength: maxNameLength,
    example: 'Younes',
    description: 'The name of the person in listings. No decision depends on it.',
  })

/** As it may be given. People enrolled earlier keep another one, and are imported with it. */
export const personName = storedName.refine(
  (name) => !misleading.test(name),
  expected('no character that breaks a line or turns its direction'),
)

export const expiresAt = z.iso
  .datetime({ offset: true, ...expected('a date and time as in 2030-01-31T12:00:00Z') })
  .openapi({
    example: '2030-01-31T12:00:00Z',
    description:
      'When to delete the person, a time in the future. From then on nobody matches them.',
  })

function isDisplayable(text: string): boolean {
  return (
    text.trim() !== '' &&
    text.length <= maxNameLength &&
    text.isWellFormed() &&
    !controls.test(text)
  )
}
