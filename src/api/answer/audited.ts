/**
 * Serves a request and leaves one audit line about it, however it ends: what was decided, or with which code it was refused. The line is
 * made from the answer, so that no endpoint has to write one. A request that changes many people also leaves lines about them.
 */

import { z } from 'zod'
import { errorTable } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'
import type { Auditor } from '../../guard/caller/audit.ts'
import type { Caller } from '../../guard/caller/keys.ts'
import { identityId } from '../../people/person-fields.ts'

/** Facts learned while serving that are needed if the request fails. */
export interface AuditNotes {
  caller: Caller | null
  /** The identity that the request is about, as it was sent. */
  identity?: string
}

export interface AuditedRequest {
  readonly requestId: string
  /** Method and path as in the contract. */
  readonly act: string
  readonly audit: Auditor
  /** The pseudonym of an identity. */
  readonly subjectOf: (identity: string) => string
}

/** 64 characters each, of which one data point of Analytics Engine holds some thousands. */
const subjectsALine = 50

/** What an answer says of a decision; everything else in it stays out of the line. */
const decided = z.object({
  decision: z.string().optional(),
  identity: z.string().optional(),
  model: z.string().optional(),
  fmr: z.number().optional(),
})

/** What was answered, and how it leaves. */
export interface Served {
  readonly answer: { readonly status: number; readonly body?: unknown }
  readonly response: Response
}

/** `serve` may throw; what it throws is passed on once the line is written. */
export async function audited(
  { requestId, act, audit, subjectOf }: AuditedRequest,
  notes: AuditNotes,
  serve: () => Promise<Served>,
): Promise<Response> {
  const write = (outcome: string, status: number, answer: z.output<typeof decided>) => {
    const { identity = notes.identity, model, fmr } = answer
    const { data: known } = identityId.safeParse(identity)
    const subject = known === undefined ? undefined : subjectOf(known)
    audit({ requestId, caller: notes.caller, act, subject, outcome, status, model, fmr })
  }
  try {
    const { answer, response } = await serve()
    const facts = decided.safeParse(answer.body).data ?? {}
    write(facts.decision ?? 'ok', answer.status, facts)
    return response
  } catch (error) {
    const code = error instanceof FaceError ? error.code : 'internal'
    write(code, errorTable[code].status, {})
    throw error
  }
}

/** @param outcome what was done to all of them */
export function auditPeople(
  { requestId, act, audit, subjectOf }: AuditedRequest,
  { caller }: AuditNotes,
  outcome: string,
  identities: readonly string[],
): void {
  for (let first = 0; first < identities.length; first += subjectsALine) {
    const subjects = identities.slice(first, first + subjectsALine).map(subjectOf)
    audit({ requestId, caller, act, subjects, outcome, status: 200 })
  }
}
