/**
 * How an attempt at a person ends: what came of it is sent to the person's object, which alone says whether it counts. An attempt whose
 * end is lost stays counted as failed.
 */
import type { ErrorCode } from '../../errors/error-table.ts'
import { logFailure } from '../../errors/log-failure.ts'
import type { KeepAlive } from '../../gallery/search/share-load.ts'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import type { Decided } from '../../guard/session.ts'
import type { SettleAnswer } from '../../identity/objects/person-object.ts'
import type { FacePrint } from '../../liveness/frames/face-print.ts'
import { type Counted, failureOf } from './attempt-outcome.ts'
import { expectLater } from './expect-later.ts'

/** How an attempt ended. */
export interface Ending {
  readonly version: number
  readonly outcome: AttemptOutcome
  readonly result: Decided | { readonly code: ErrorCode }
  readonly atMs: number
  /** Of frames that must not come again. */
  readonly prints?: readonly FacePrint[]
}

/** The person's object, at the end of an attempt. */
export interface SettlingSide {
  /** Throws `store_unavailable`. */
  settle(ending: Ending): Promise<SettleAnswer>
  /** Throws for every result but `settled`. */
  requireSettled(result: SettleAnswer): void
}

export interface SettlingOptions {
  /** For the log. */
  readonly requestId: string
  /** Whether the end is part of the answer, whatever it is: of a session, which its backend reads. */
  readonly isRecorded: boolean
  readonly keepAlive: KeepAlive
  readonly nowMs: () => number
}

/** A comparison, whose end is on its way; or why there was none. */
export type Judged<Verdict> =
  | { readonly verdict: Verdict; readonly settling: Promise<SettleAnswer> }
  | { readonly error: unknown }

/** All of the record of that version. */
export interface Settling<Verdict extends Counted> {
  /** Sends what a comparison gave, and does not wait for the answer. */
  send(verdict: Verdict, version: number): Judged<Verdict>
  /** The verdict, if the object lets it stand. Throws what the comparison threw, and what the object answers. */
  finish(judged: Judged<Verdict>, version: number): Promise<Verdict>
  /** An attempt that could not be compared. */
  giveBack(error: unknown, version: number): void
}

export function createSettling<Verdict extends Counted>(
  side: SettlingSide,
  { requestId, isRecorded, keepAlive, nowMs }: SettlingOptions,
): Settling<Verdict> {
  function settleLater(settling: Promise<SettleAnswer>): void {
    keepAlive(settling.catch((cause: unknown) => logFailure(cause, requestId)))
  }

  function giveBack(error: unknown, version: number): void {
    const { outcome, code } = failureOf(error)
    settleLater(side.settle({ version, outcome, result: { code }, atMs: nowMs() }))
  }

  async function confirmed(
    verdict: Verdict,
    settling: Promise<SettleAnswer>,
    version: number,
  ): Promise<SettleAnswer> {
    const settled = await settling
    // It may have overtaken the beginning, which has been answered by now.
    return settled.kind === 'unknown' ? await side.settle(endingOf(verdict, version)) : settled
  }

  return {
    giveBack,

    send: (verdict, version) => ({
      verdict,
      settling: expectLater(side.settle(endingOf(verdict, version))),
    }),

    async finish(judged, version) {
      if ('error' in judged) {
        giveBack(judged.error, version)
        throw judged.error
      }
      const { verdict, settling } = judged
      // A match is none before the object has confirmed that the record is still the current one.
      if (verdict.counts !== 'match' && !isRecorded) settleLater(settling)
      else side.requireSettled(await confirmed(verdict, settling, version))
      return verdict
    },
  }
}

function endingOf(
  { counts: outcome, decided: result, decidedMs: atMs, prints }: Counted,
  version: number,
): Ending {
  return { version, outcome, result, atMs, ...(prints && { prints }) }
}
