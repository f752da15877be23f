/**
 * The active check in the terms of ISO/IEC 30107-3: what share of attacks of each kind passes (APCER), and what share of real heads is
 * refused (BPCER), with limits fitted to two folds and held against the third, and with those that ship.
 */
import { dirname } from 'node:path'
import type { Threshold } from '../../src/decision/thresholds.ts'
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { isSideways, type Turn } from '../../src/liveness/asked-poses.ts'
import {
  keepsWithin,
  nodLimits,
  sideLimits,
  type TurnLimits,
} from '../../src/liveness/turn-limits.ts'
import type { Line } from '../plots/plot-svg.ts'
import type { AttackRun, AttackTurn } from './attack-turns.ts'
import { fitLimits, limitsAt, refusedShare } from './fit-limits.ts'
import type { LabelledFile, MeasuredTurn } from './real-turns.ts'

/** Share of real turns that the fitted limits may refuse. */
export const mostRefused = 0.035

/** Limits for turns to the side, and for looking up and down. */
export interface BothLimits {
  readonly side: TurnLimits
  readonly nod: TurnLimits
}

export const shippedLimits: BothLimits = { side: sideLimits, nod: nodLimits }

const limitsFor = (limits: BothLimits, turn: Turn): TurnLimits =>
  isSideways(turn) ? limits.side : limits.nod

export function passes(
  { measures, turn }: Pick<MeasuredTurn, 'measures' | 'turn'>,
  limits: BothLimits,
): boolean {
  return keepsWithin(measures, limitsFor(limits, turn))
}

export function fitBoth(turns: readonly MeasuredTurn[], share = mostRefused): BothLimits {
  return {
    side: fitLimits(measuresOf(turns, true), share),
    nod: fitLimits(measuresOf(turns, false), share),
  }
}

function measuresOf(turns: readonly MeasuredTurn[], sideways: boolean) {
  return turns.filter(({ turn }) => isSideways(turn) === sideways).map(({ measures }) => measures)
}

/** Each fold's limits, fitted to the other folds. */
export function fitFolds(turns: readonly MeasuredTurn[]): Map<number, BothLimits> {
  const folds = [...new Set(turns.map(({ fold }) => fold))]
  return new Map(folds.map((held) => [held, fitBoth(turns.filter(({ fold }) => fold !== held))]))
}

export interface Counted {
  readonly count: number
  readonly of: number
}

export function refusedTurns(
  turns: readonly MeasuredTurn[],
  limitsOf: (fold: number) => BothLimits,
): Counted {
  const refused = turns.filter((turn) => !passes(turn, limitsOf(turn.fold)))
  return { count: refused.length, of: turns.length }
}

/** Sequences of a frame ahead and two turned ones, one of them to the side, of which any is refused. */
export function refusedTriples(turns: readonly MeasuredTurn[], limits: BothLimits): Counted {
  let [count, of] = [0, 0]
  for (const own of Map.groupBy(turns, ({ ahead }) => ahead).values()) {
    own.forEach((first, i) => {
      for (const second of own.slice(i + 1)) {
        if (first.turn === second.turn) continue
        if (!isSideways(first.turn) && !isSideways(second.turn)) continue
        of++
        if (!passes(first, limits) || !passes(second, limits)) count++
      }
    })
  }
  return { count, of }
}

export interface AttackCounts {
  readonly presented: number
  readonly faceless: number
  /** As asked for. */
  readonly posed: number
  /** Those that pass as heads, with the limits of the held folds and with those that ship. */
  readonly held: number
  readonly shipped: number
  /** Of the last, those in which both frames show one person at the strict rate. */
  readonly matched: number
}

export function countAttack(
  { presented, faceless, posed }: AttackRun,
  folds: ReadonlyMap<number, BothLimits>,
  strict: Threshold,
): AttackCounts {
  const shipped = posed.filter((turn) => passes(turn, shippedLimits))
  return {
    presented,
    faceless,
    posed: posed.length,
    held: posed.filter((turn) => passes(turn, folds.get(turn.fold)!)).length,
    shipped: shipped.length,
    matched: shipped.filter((turn) => isOnePerson(turn, strict)).length,
  }
}

function isOnePerson({ encodings: [left, right] }: AttackTurn, strict: Threshold): boolean {
  return apart(left, right, strict) <= strict.threshold
}

export function apart(left: Float32Array, right: Float32Array, { metric }: Threshold): number {
  return distanceBetween(prepareEncoding(metric, left), prepareEncoding(metric, right))
}

/** For each kind of attack: share of refused heads, share of attacks that pass, in percent, from limits far out to far in. */
export function curvesOf(real: readonly MeasuredTurn[], attacks: readonly AttackRun[]): Line[] {
  const quantiles = Array.from({ length: 41 }, (_, i) => (i / 40) * 0.04)
  const limits = quantiles.map((quantile) => ({
    side: limitsAt(measuresOf(real, true), quantile),
    nod: limitsAt(measuresOf(real, false), quantile),
  }))
  const refused = limits.map(({ side, nod }) => {
    const [asides, nods] = [measuresOf(real, true), measuresOf(real, false)]
    const total = refusedShare(asides, side) * asides.length + refusedShare(nods, nod) * nods.length
    return (100 * total) / real.length
  })
  return attacks.map(({ name, presented, posed }) => ({
    label: name,
    points: limits.map((both, i) => {
      const through = posed.filter((turn) => passes(turn, both)).length
      return [refused[i]!, (100 * through) / presented] as const
    }),
  }))
}

/** Every photo of the pairs, once, with the fold of its person. */
export function labelledFiles(
  pairs: readonly { readonly fold: number; readonly left: string; readonly right: string }[],
): LabelledFile[] {
  const files = new Map<string, LabelledFile>()
  for (const { fold, left, right } of pairs) {
    for (const file of [left, right]) files.set(file, { file, fold, person: dirname(file) })
  }
  return [...files.values()]
}
