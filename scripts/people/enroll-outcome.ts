/** What enrolling people takes, what became of each, whichever way their photos went, and how that is said in lines. */

import { basename } from 'node:path'
import { maxEncodings } from '../../src/identity/record.ts'
import { countOf } from '../../src/lib/count-of.ts'
import type { WorkerAddress } from './worker-address.ts'

export interface EnrollOptions extends WorkerAddress {
  readonly allowDuplicate?: boolean
  readonly allowDifferent?: boolean
  /** Called with each outcome as soon as it is known, and waited for. */
  readonly onOutcome?: (outcome: EnrollOutcome) => void | Promise<void>
}

export interface EnrollOutcome {
  readonly identity: string
  readonly photos: number
  /** Why the person was not enrolled; absent when they were. */
  readonly failure?: string
  /** What would make the person easier to find, of those who were enrolled. */
  readonly hint?: string
  /** What became of each photo, when the answer said so. */
  readonly images?: readonly PhotoOutcome[]
}

export interface PhotoOutcome {
  readonly photo: string
  /** `encoded`, or the code that refused it. */
  readonly outcome: string
  readonly detail?: string
}

/** Why nobody can be enrolled with so many photos; null when they can. */
export function countFault(photos: number): string | null {
  return photos > maxEncodings ? `${photos} photos; ${maxEncodings} at most of one person.` : null
}

/** What was done to people, as both lines say it. */
export type Deed = 'enrolled' | 'encoded anew'

export interface Task {
  readonly deed?: Deed
  /** How many there were to enroll, when that is more than there are outcomes. */
  readonly of?: number
  /** Whether photos might differ as much as /verify lets in. */
  readonly allowDifferent?: boolean
}

/** Who was enrolled, who was not and why. */
export function describeOutcomes(
  outcomes: readonly EnrollOutcome[],
  { deed = 'enrolled', of = outcomes.length, allowDifferent = false }: Task = {},
): string {
  const failed = outcomes.filter(({ failure }) => failure)
  const photos = outcomes.reduce((sum, outcome) => sum + (outcome.failure ? 0 : outcome.photos), 0)
  return [
    `${deed} ${outcomes.length - failed.length} of ${countOf(of, 'person')} (${countOf(photos, 'photo')})`,
    ...failed.flatMap((outcome) => describeFailure(outcome, deed)),
    ...(failed.some(failsWith('duplicate_person')) ? [duplicateAdvice] : []),
    ...(!allowDifferent && failed.some(failsWith('photos_differ')) ? [differentAdvice] : []),
    ...describeHints(outcomes),
  ].join('\n')
}

/** One for all: it is about how many people there are, and the last one knows of most. */
function describeHints(outcomes: readonly EnrollOutcome[]): string[] {
  const hinted = outcomes.filter(({ hint }) => hint !== undefined)
  if (hinted.length === 0) return []
  const whose = hinted.length === 1 ? hinted[0]!.identity : `${hinted.length} of them`
  return [`  more photos would help ${whose}. ${hinted.at(-1)!.hint}`]
}

/** With a line a photo when there are several: one bad photo need not hide another. */
function describeFailure({ identity, failure, images = [] }: EnrollOutcome, deed: Deed): string[] {
  const lines = images.map(
    ({ photo, outcome, detail }) =>
      `    ${basename(photo)}: ${outcome}${detail === undefined ? '' : `: ${detail}`}`,
  )
  const pair = images.filter(({ outcome }) => outcome === 'photos_differ').length === 2
  return [
    `  not ${deed}: ${identity}: ${failure}`,
    ...(images.length > 1 ? lines : []),
    ...(images.length === 2 && pair ? [pairAdvice] : []),
  ]
}

function failsWith(code: string): (outcome: EnrollOutcome) => boolean {
  return ({ failure }) => failure?.startsWith(`${code}:`) ?? false
}

const duplicateAdvice =
  '  "--allow-duplicate" takes somebody who is enrolled under another identity too.'

const differentAdvice =
  '  "--allow-different" takes photos of one person that differ that much; look first whether they do show one person.'

const pairAdvice =
  '    With two photos nobody can say which one is wrong: look at both, and enroll the one that you trust.'

/** Keeps outcomes as they come, for the summary of a run that ends early. */
export function keepOutcomes(task: Task) {
  const kept: EnrollOutcome[] = []
  return {
    onOutcome: (outcome: EnrollOutcome): void => void kept.push(outcome),
    summary: () => (kept.length === 0 ? undefined : describeOutcomes(kept, task)),
  }
}
