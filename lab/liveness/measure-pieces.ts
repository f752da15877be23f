/**
 * The long part of the measurement, cut into pieces that threads measure one after the other: attacks with single turns, whole sessions,
 * photos that are sent again. A piece that was kept is not measured again, so a run that was stopped goes on where it ended.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { progressBar } from '../../scripts/front/progress.ts'
import {
  type AttackRun,
  joinRuns,
  presentationsOf,
  type Range,
  type Source,
} from './attack-turns.ts'
import { type AttackName, attackKinds, attackNames } from './drawn/attacks.ts'
import type { Keep } from './kept-pieces.ts'
import { type AgainRun, joinAgain } from './sent-again.ts'
import { joinSessions, type SessionKind, type SessionRun } from './session-attacks.ts'

/** What the threads draw from. */
export interface Sources {
  /** Photos of people in whatever pose. */
  readonly any: readonly Source[]
  /** Those who look ahead. */
  readonly ahead: readonly Source[]
}

/** Which of what; the result is that of the kind. */
export interface Piece<Result = PieceResult> {
  readonly what: Task
  readonly range: Range
  /** Never there: it tells the compiler what comes of the piece. */
  readonly result?: Result
}

export type Task =
  | { readonly is: 'turn'; readonly kind: AttackName }
  | { readonly is: 'sessions'; readonly kind: SessionKind }
  | { readonly is: 'again' }

export type PieceResult = AttackRun | SessionRun | AgainRun

export interface MeasuredPieces {
  readonly runs: readonly AttackRun[]
  /** Those of made heads first. */
  readonly sessions: readonly SessionRun[]
  readonly again: AgainRun
}

/** Whole sessions of a kind, and sequences that are sent once more, as shares of the presentations of a flat photo. */
const sessionShare = 0.04
const madeHeadShare = 0.1
const sentAgainShare = 0.06

/** @param attacks presentations of a flat photo, which the shares are of */
export async function measurePieces(
  sources: Sources,
  attacks: number,
  keep: Keep,
): Promise<MeasuredPieces> {
  const pool = startPool(sources)
  const sequences = Math.ceil(attacks * sentAgainShare)
  const measure = <Result>(
    name: string,
    count: number,
    inPiece: number,
    pieceOf: (range: Range) => Piece<Result>,
  ): Promise<Result[]> =>
    Promise.all(
      rangesOf(count, inPiece).map((range) =>
        keep(`${name} ${range.from}`, () => pool.measure(pieceOf(range))),
      ),
    )
  try {
    const runs = attackNames.map((kind) =>
      measure<AttackRun>(`one turn, ${kind}`, presentationsOf(kind, attacks), 250, (range) => ({
        what: { is: 'turn', kind },
        range,
      })),
    )
    const kinds: readonly SessionKind[] = ['made head', ...attackNames]
    const sessions = kinds.map((kind) =>
      measure<SessionRun>(`sessions, ${kind}`, sessionsOf(kind, attacks), 20, (range) => ({
        what: { is: 'sessions', kind },
        range,
      })),
    )
    const again = measure<AgainRun>('sent again', sequences, 20, (range) => ({
      what: { is: 'again' },
      range,
    }))
    return {
      runs: (await Promise.all(runs)).map(joinRuns),
      sessions: (await Promise.all(sessions)).map(joinSessions),
      again: joinAgain(await again),
    }
  } finally {
    await pool.end()
  }
}

function sessionsOf(kind: SessionKind, attacks: number): number {
  const share =
    kind === 'made head' ? madeHeadShare : Math.min(sessionShare, attackKinds[kind].share)
  return Math.ceil(attacks * share)
}

/** One takes less than a minute. */
function rangesOf(count: number, inPiece: number): Range[] {
  return Array.from({ length: Math.ceil(count / inPiece) }, (_, i) => ({
    from: i * inPiece,
    to: Math.min(count, (i + 1) * inPiece),
  }))
}

interface Waiting {
  readonly piece: Piece<unknown>
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/** Threads that measure pieces in the order in which they come; the first failure fails all that wait. */
function startPool(sources: Sources) {
  const waiting: Waiting[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Waiting>()
  const bar = progressBar('pieces')
  let asked = 0
  const threads: Worker[] = []

  /** Not before there is something to measure: a run whose pieces are all kept needs no networks. */
  function startThreads(): void {
    while (threads.length < availableParallelism()) {
      const thread = new Worker(join(import.meta.dirname, 'measure-thread.ts'), {
        workerData: sources,
      })
      thread.on('message', (message: { readonly result: never } | 'ready') => {
        if (message !== 'ready') {
          busy.get(thread)?.resolve(message.result)
          busy.delete(thread)
          bar.step()
        }
        idle.push(thread)
        next()
      })
      thread.on('error', (error) => {
        for (const { reject } of [...busy.values(), ...waiting.splice(0)]) reject(error)
      })
      threads.push(thread)
    }
  }

  function next(): void {
    const [thread, piece] = [idle.at(-1), waiting[0]]
    if (!thread || !piece) return
    idle.pop()
    waiting.shift()
    busy.set(thread, piece)
    thread.postMessage(piece.piece)
  }

  return {
    measure<Result>(piece: Piece<Result>): Promise<Result> {
      startThreads()
      bar.start(++asked)
      return new Promise((resolve, reject) => {
        waiting.push({ piece, resolve, reject })
        next()
      })
    },
    async end(): Promise<void> {
      bar.stop()
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}
