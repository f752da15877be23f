/**
 * Who did what: one structured line per decision and per administrator action, including refused ones, to the log and, if
 * bound, to Analytics Engine. A line names keys and people by pseudonyms that only the service can resolve. It never contains
 * a photo, an encoding, a distance, a name, an identity or a key.
 */
import type { Caller } from './keys.ts'

export interface AuditEntry {
  readonly requestId: string
  /** Null without a valid key. */
  readonly caller: Caller | null
  /** Method and path as in the contract, such as `PUT /admin/identities/{id}`. */
  readonly act: string
  /** Pseudonym of the person concerned. */
  readonly subject?: string
  /** The same for several people, instead of `subject`. */
  readonly subjects?: readonly string[]
  /** The decision, `ok` where none is made, what was done to `subjects`, or the code of the error. */
  readonly outcome: string
  readonly status: number
  readonly model?: string
  /** False-match rate of the decision. */
  readonly fmr?: number
}

export type Auditor = (entry: AuditEntry) => void

export function createAuditor(dataset?: AnalyticsEngineDataset): Auditor {
  return ({ requestId, caller, act, subject, subjects, outcome, status, model, fmr }) => {
    const { role, keyId } = caller ?? { role: 'none', keyId: undefined }
    const line = { requestId, role, keyId, act, subject, subjects, outcome, status, model, fmr }
    console.log(JSON.stringify({ level: 'info', event: 'audit', ...line }))
    const everybody = subjects?.join(' ') ?? subject ?? ''
    try {
      dataset?.writeDataPoint({
        // Analytics Engine samples by this column.
        indexes: [act],
        blobs: [act, outcome, role, keyId ?? '', everybody, model ?? '', requestId],
        doubles: [status, fmr ?? 0],
      })
    } catch {
      // The line in the log is the record; a data set that cannot be written must not change an answer.
    }
  }
}
