/**
 * The active check in the terms of ISO/IEC 30107-3: what share of attacks of each kind passes (APCER), and what share of real heads is
 * refused (BPCER), with limits fitted to two folds and held against the third, and with those that ship.
 */
import { dirname } from 'node:path'
import type { TogetherLimits } from '../../src/decision/thresholds.ts'
import type { Metric } from '../../src/encoding/metrics/metric.ts'
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { isSideways, type Turn } from '../../src/liveness/asked-poses.ts'
import type { ScoreWeights } from '../../src/liveness/head-score.ts'
import {
  keepsWithin,
  nodLimits,
  sideLimits,
  type TurnLimits,
} from '../../src/liveness/turn-limits.ts'
import type { Line } from '../plots/plot-svg.ts'
import type { AttackRun, AttackTurn } from './attack-turns.ts'
import { fitLimits, limitsAt } from './fit/fit-limits.ts'
import { fitScore } from './fit/fit-score.ts'
import type { LabelledFile, MeasuredTurn, ShownTurn } from './real-turns.ts'

/** Share of real turns that the fitted limits may refuse. */
const mostRefused = 0.03

/** Limits for turns to the side, and for looking up and down. */
export interface BothLimits {
  readonly side: TurnLimits
  readonly nod: TurnLimits
}

export const shippedLimits: BothLimits = { side: sideLimits, nod: nodLimits }

const limitsFor = (limits: BothLimits, turn: Turn): TurnLimits =>
  isSideways(turn) ? limits.side : limits.nod

export function passes(
  { measures, turn }: Pick<ShownTurn, 'measures' | 'turn'>,
  limits: BothLimits,
): boolean {
  return keepsWithin(measures, limitsFor(limits, turn))
}

/** What limits are fitted to. */
export interface Bases {
  /** Photos of different days. */
  readonly real: readonly ShownTurn[]
  /** Of one take. */
  readonly made: readonly ShownTurn[]
  readonly attacks: readonly ShownTurn[]
}

export function fitBoth(bases: Bases, share = mostRefused): BothLimits {
  const limitsOf = (sideways: boolean): TurnLimits =>
    fitLimits(measuresOf(bases.real, sideways), share, weightsFor(bases, sideways))
  return { side: limitsOf(true), nod: limitsOf(false) }
}

function weightsFor({ real, made, attacks }: Bases, sideways: boolean): ScoreWeights {
  const heads = [real, made].map((turns) => measuresOf(turns, sideways))
  return fitScore(heads, measuresOf(attacks, sideways))
}

function measuresOf(turns: readonly ShownTurn[], sideways: boolean) {
  return turns.filter(({ turn }) => isSideways(turn) === sideways).map(({ measures }) => measures)
}

/** Each fold's limits, fitted to the other folds: heads and attacks of other people. */
export function fitFolds(bases: Bases): Map<number, BothLimits> {
  const folds = [...new Set(bases.real.map(({ fold }) => fold))]
  return new Map(
    folds.map((held) => {
      const others = (turns: readonly ShownTurn[]) => turns.filter(({ fold }) => fold !== held)
      const [real, made, attacks] = [others(bases.real), others(bases.made), others(bases.attacks)]
      return [held, fitBoth({ real, made, attacks })]
    }),
  )
}

export interface Counted {
  readonly count: number
  readonly of: number
}

export function refusedTurns(
  turns: readonly ShownTurn[],
  limitsOf: (fold: number) => BothLimits,
): Counted {
  const refused = turns.filter((turn) => !passes(turn, limitsOf(turn.fold)))
  return { count: refused.length, of: turns.length }
}

/** Two turns beside one frame ahead, as a session may ask for: different ones, one of them to the side. */
export type Triple = readonly [MeasuredTurn, MeasuredTurn]

export function triplesOf(turns: readonly MeasuredTurn[]): Triple[] {
  return [...Map.groupBy(turns, ({ ahead }) => ahead).values()].flatMap((own) =>
    own.flatMap((first, i) =>
      own
        .slice(i + 1)
        .filter((second) => first.turn !== second.turn)
        .filter((second) => isSideways(first.turn) || isSideways(second.turn))
        .map((second) => [first, second] as const),
    ),
  )
}

/** Those of which any turn is refused. */
export function refusedTriples(turns: readonly MeasuredTurn[], limits: BothLimits): Counted {
  const triples = triplesOf(turns)
  const refused = triples.filter((triple) => triple.some((turn) => !passes(turn, limits)))
  return { count: refused.length, of: triples.length }
}

export interface AttackCounts {
  readonly presented: number
  readonly faceless: number
  /** As asked for. */
  readonly posed: number
  /** Those that pass as heads, with the limits of the held folds and with those that ship. */
  readonly held: number
  readonly shipped: number
  /** Of the last, those in which both frames may show one person. */
  readonly matched: number
}

export function countAttack(
  { presented, faceless, posed }: AttackRun,
  folds: ReadonlyMap<number, BothLimits>,
  limits: TogetherLimits,
): AttackCounts {
  const shipped = posed.filter((turn) => passes(turn, shippedLimits))
  return {
    presented,
    faceless,
    posed: posed.length,
    held: posed.filter((turn) => passes(turn, folds.get(turn.fold)!)).length,
    shipped: shipped.length,
    matched: shipped.filter((turn) => isOnePerson(turn, limits)).length,
  }
}

function isOnePerson({ encodings: [left, right] }: AttackTurn, limits: TogetherLimits): boolean {
  return apart(left, right, limits) <= limits.each
}

export function apart(
  left: Float32Array,
  right: Float32Array,
  { metric }: { readonly metric: Metric },
): number {
  return distanceBetween(prepareEncoding(metric, left), prepareEncoding(metric, right))
}

/**
 * For each kind of attack: share of refused heads, share of attacks that pass, in percent, from limits far out to far in. Of each fold with
 * the weights that were fitted to the others.
 */
export function curvesOf(
  bases: Bases,
  folds: ReadonlyMap<number, BothLimits>,
  attacks: readonly AttackRun[],
): Line[] {
  const { real } = bases
  const quantiles = Array.from({ length: 41 }, (_, i) => (i / 40) * 0.12)
  const limits = quantiles.map(
    (quantile) =>
      new Map(
        [...folds].map(([held, { side, nod }]) => {
          const others = real.filter(({ fold }) => fold !== held)
          const at = (sideways: boolean, { weights }: TurnLimits): TurnLimits =>
            limitsAt(measuresOf(others, sideways), quantile, weights)
          return [held, { side: at(true, side), nod: at(false, nod) }]
        }),
      ),
  )
  const refused = limits.map((at) => {
    const { count, of } = refusedTurns(real, (fold) => at.get(fold)!)
    return (100 * count) / of
  })
  return attacks.map(({ name, presented, posed }) => ({
    label: name,
    points: limits.map((at, i) => {
      const through = posed.filter((turn) => passes(turn, at.get(turn.fold)!)).length
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
