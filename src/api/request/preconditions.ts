/**
 * Conditional requests (RFC 9110, section 13). The entity tag of a person is their version in quotes. `If-Match` and
 * `If-None-Match` make a change depend on it, so that nobody overwrites what they have not seen. Pure.
 */

import { z } from '@hono/zod-openapi'
import { FaceError, invalidRequest } from '../../errors/face-error.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { Found } from '../../identity/store.ts'
import type { HeaderContracts } from '../answer/answer-headers.ts'

export type Precondition =
  | { readonly kind: 'none' }
  /** The person is of this version. */
  | { readonly kind: 'version'; readonly version: number }
  /** Somebody is enrolled. */
  | { readonly kind: 'somebody' }
  /** Nobody is enrolled. */
  | { readonly kind: 'nobody' }

/** What an endpoint that changes a person takes. */
export const ifMatch = z.object({
  'If-Match': z.string().optional().openapi({
    example: '"3"',
    description: 'The ETag of an earlier answer: changes that version only. `*`: any version.',
  }),
})

/** What an endpoint takes that also creates. */
export const ifMatchOrNone = ifMatch.extend({
  'If-None-Match': z.literal('*').optional().openapi({
    example: '*',
    description: '`*`: only creates, and never replaces.',
  }),
})

/** What an answer about one person carries. */
export const etagHeader: HeaderContracts = {
  ETag: { description: 'The version of the person, for If-Match.', example: '"3"' },
}

export function etagOf({ version }: Pick<IdentityRecord, 'version'>): { readonly ETag: string } {
  return { ETag: `"${version}"` }
}

/** Throws `invalid_request` for what is malformed, and for a header that is not among those the endpoint takes. */
export function readPrecondition(
  headers: Headers,
  takes: typeof ifMatch | typeof ifMatchOrNone,
): Precondition {
  const match = headers.get('if-match')
  const noneMatch = headers.get('if-none-match')
  if (noneMatch !== null && !('If-None-Match' in takes.shape)) {
    throw invalidRequest('If-None-Match: not a header of this endpoint')
  }
  if (match !== null && noneMatch !== null) {
    throw invalidRequest('expected If-Match or If-None-Match, not both')
  }
  if (noneMatch !== null) return readIfNoneMatch(noneMatch)
  return match === null ? { kind: 'none' } : readIfMatch(match)
}

/** Throws `version_conflict` when the person is not as the request expects them. */
export function requirePrecondition(
  precondition: Precondition,
  found: Pick<Found, 'kind' | 'version'>,
  identity: string,
): void {
  const isEnrolled = found.kind !== 'nobody'
  switch (precondition.kind) {
    case 'none':
      return
    case 'version':
      if (isEnrolled && found.version === precondition.version) return
      break
    case 'somebody':
      if (isEnrolled) return
      break
    case 'nobody':
      if (!isEnrolled) return
      break
  }
  throw versionConflict(identity, isEnrolled ? found.version : null)
}

/** @param version the current one; null when nobody is enrolled */
export function versionConflict(identity: string, version: number | null): FaceError {
  const now = version === null ? 'is not enrolled' : `is at version "${version}" now`
  return new FaceError('version_conflict', `${identity} ${now}; nothing was changed.`)
}

function readIfMatch(header: string): Precondition {
  if (header.trim() === '*') return { kind: 'somebody' }
  // A proxy that compresses an answer marks its tag as weak; a version is no less exact for it.
  const [, version] = /^\s*(?:W\/)?"([1-9]\d{0,14})"\s*$/.exec(header) ?? []
  if (version === undefined) {
    throw invalidRequest('If-Match: expected * or the ETag of an earlier answer, such as "3"')
  }
  return { kind: 'version', version: Number(version) }
}

function readIfNoneMatch(header: string): Precondition {
  if (header.trim() !== '*') throw invalidRequest('If-None-Match: expected *')
  return { kind: 'nobody' }
}
