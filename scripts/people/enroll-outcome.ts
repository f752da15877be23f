/** What enrolling people takes, and what became of each, whichever way their photos went. */

import type { WorkerAddress } from './worker-address.ts'

export interface EnrollOptions extends WorkerAddress {
  readonly allowDuplicate?: boolean
}

export interface EnrollOutcome {
  readonly identity: string
  readonly photos: number
  /** Why the person was not enrolled; absent when they were. */
  readonly failure?: string
  /** What became of each photo, when the answer said so. */
  readonly images?: readonly PhotoOutcome[]
}

export interface PhotoOutcome {
  readonly photo: string
  /** `encoded`, or the code that refused it. */
  readonly outcome: string
  readonly detail?: string
}
