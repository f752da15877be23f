/**
 * The answers that /docs shows: what the real Worker answered to real requests about the sample people, recorded by `npm run
 * write-recorded-answers`. Only cuts change them, and cuts are marked.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import recorded from './recorded-answers.json' with { type: 'json' }

/** A request, as far as the endpoint does not say it already. */
export interface SampleCall {
  readonly operationId: string
  /** What the answer shows, in a few words. */
  readonly title: string
  /** The person or session in the path; with a dollar sign, the variable that holds it. */
  readonly id?: string
  /** How photos are packed: as files of a form unless given. */
  readonly as?: 'form' | 'json' | 'photo'
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>
  /** Files, by the name of their field. */
  readonly photos?: Readonly<Record<string, readonly string[]>>
  readonly headers?: Readonly<Record<string, string>>
  /** The name of the variable with the key, unless it is the one of the endpoint's role. */
  readonly key?: string
}

export interface Recording extends SampleCall {
  readonly status: number
  /** Of the answer, those that matter for the caller. */
  readonly answerHeaders?: Readonly<Record<string, string>>
  /** Absent for an answer without a body, and for lines. */
  readonly answer?: unknown
  /** Of an answer of NDJSON. */
  readonly lines?: readonly unknown[]
}

export interface RecordedAnswers {
  readonly about: string
  /** The network and version that answered. */
  readonly model: string
  readonly version: string
  readonly recordings: readonly Recording[]
}

/** What stands where something was cut. */
export const cut = {
  /** At the end of a text. */
  text: '…(cut)',
  /** As the last entry of a list. */
  entries: (count: number) => `…${count} more (cut)`,
} as const

const answers = recorded as RecordedAnswers

export const { model: recordedModel, version: recordedVersion } = answers

/** The successful ones of an endpoint, in the order in which they were recorded. */
export function successesOf(operationId: string): readonly Recording[] {
  return answers.recordings.filter(
    (recording) => recording.operationId === operationId && recording.status < 400,
  )
}

export function failuresOf(operationId: string): readonly Recording[] {
  return answers.recordings.filter(
    (recording) => recording.operationId === operationId && recording.status >= 400,
  )
}

/** The first failure with this code, if one was recorded. */
export function failureWith(code: ErrorCode): Recording | undefined {
  return answers.recordings.find((recording) => codeOf(recording) === code)
}

function codeOf({ answer }: Recording): unknown {
  return answer instanceof Object && 'code' in answer ? answer.code : undefined
}
