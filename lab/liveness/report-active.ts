/** What was measured of the active check, as tables in Markdown. Pure. */
import { toTable } from '../../scripts/front/markdown-table.ts'
import { wilson } from '../learning/wilson.ts'
import type { AttackName } from './drawn/attacks.ts'
import type { AttackCounts, BothLimits, Counted } from './measure-active.ts'
import type { SessionRun } from './session-attacks.ts'
import type { WebPhotos } from './web-photos.ts'

export interface ActiveResults {
  readonly people: number
  readonly photos: number
  readonly refused: readonly (readonly [what: string, counted: Counted])[]
  readonly attacks: readonly (readonly [name: AttackName, counts: AttackCounts])[]
  readonly sessions: readonly SessionRun[]
  readonly others: readonly (readonly [what: string, counted: Counted])[]
  /** Of photos sent once more, how many sequences are known. */
  readonly again: readonly (readonly [what: string, known: Counted])[]
  readonly web: readonly WebPhotos[]
  readonly fitted: BothLimits
}

export function reportActive(results: ActiveResults): string {
  const { people, photos, refused, attacks, sessions, others, again, web, fitted } = results
  return [
    `Real heads: ${photos} photos of ${people} people.`,
    '',
    toTable([
      ['bona fide', 'refused', 'of', 'BPCER, % (95 %)'],
      ...refused.map(([what, { count, of }]) => [what, `${count}`, `${of}`, share(count, of)]),
    ]),
    '',
    toTable([
      [
        'attack',
        'presented',
        'no face',
        'in the pose asked for',
        'pass, held fold',
        'APCER, % (95 %)',
        'pass, shipped',
        'and match',
      ],
      ...attacks.map(([name, { presented, faceless, posed, held, shipped, matched }]) => [
        name,
        `${presented}`,
        `${faceless}`,
        `${posed}`,
        `${held}`,
        share(held, presented),
        `${shipped}`,
        `${matched}`,
      ]),
    ]),
    '',
    toTable([
      [
        'whole sessions',
        'sessions',
        'every pose shown',
        'pass',
        'of all, % (95 %)',
        'pass as one_take',
        'of all, % (95 %)',
        'refused for',
      ],
      ...sessions.map((run) => [
        run.kind,
        `${run.sessions}`,
        `${run.taken.length}`,
        `${run.passed}`,
        share(run.passed, run.sessions),
        `${run.oneTake}`,
        share(run.oneTake, run.sessions),
        [...run.refused].map(([why, count]) => `${why} ${count}`).join(', '),
      ]),
    ]),
    '',
    toTable([
      ['other attacks', 'pass', 'of', 'APCER, % (95 %)'],
      ...others.map(([what, { count, of }]) => [what, `${count}`, `${of}`, share(count, of)]),
    ]),
    '',
    toTable([
      ['sent again in another session', 'known', 'of', 'known, % (95 %)'],
      ...again.map(([what, { count, of }]) => [what, `${count}`, `${of}`, share(count, of)]),
    ]),
    '',
    toTable([
      [
        'photos of the person from the web',
        'people',
        'drawn sequences they answer, %',
        'told one by one',
        'as one_take',
        'both',
      ],
      ...web.map(({ photos: [least, most], people: of, ...answered }) => [
        Number.isFinite(most) ? `${least} to ${most}` : `${least} and more`,
        `${of}`,
        ...[answered.atOnce, answered.oneByOne, answered.oneTake, answered.both].map(percent),
      ]),
    ]),
    '',
    'Limits fitted to all folds, for src/liveness/turn-limits.json:',
    '',
    '```',
    JSON.stringify(fitted, (_, value) => (typeof value === 'number' ? round(value) : value), 2),
    '```',
  ].join('\n')
}

function share(count: number, of: number): string {
  if (of === 0) return ''
  const [low, high] = wilson(count, of)
  return `${percent(count / of)} (${percent(low)} to ${percent(high)})`
}

function percent(of: number): string {
  return (100 * of).toFixed(1)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
