/** The results of scenes as tables, and as lines for a plot. Pure. */
import { toTable } from '../../scripts/front/markdown-table.ts'
import type { Line } from '../plots/plot-svg.ts'
import type { GroupResult, SingleResult } from './run-scene.ts'

type Group<T> = readonly [name: string, results: readonly T[]]

export function singlesTable(groups: readonly Group<SingleResult>[]): string {
  return toTable([
    ['one person', 'scenes', 'matched', 'right turn', 'otherwise'],
    ...groups.map(([name, results]) => [
      name,
      `${results.length}`,
      percent(results.filter(({ outcome }) => outcome === 'matched').length, results.length),
      percent(results.filter(({ rightTurn }) => rightTurn).length, results.length),
      others(results),
    ]),
  ])
}

export function groupsTable(groups: readonly Group<GroupResult>[]): string {
  const sum = (results: readonly GroupResult[], value: (result: GroupResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0)
  return toTable([
    ['several people', 'scenes', 'faces', 'found', 'right turn', 'all found', 'invented'],
    ...groups.map(([name, results]) => {
      const faces = sum(results, ({ scene }) => scene.people.length)
      return [
        name,
        `${results.length}`,
        `${faces}`,
        percent(
          sum(results, ({ found }) => found),
          faces,
        ),
        percent(
          sum(results, ({ rightTurn }) => rightTurn),
          faces,
        ),
        percent(
          results.filter(({ scene, found }) => found === scene.people.length).length,
          results.length,
        ),
        `${sum(results, ({ invented }) => invented)}`,
      ]
    }),
  ])
}

/** Share of the faces that match, by their size as a share of the photo's shorter side. */
export function matchedBySize(label: string, results: readonly SingleResult[]): Line {
  const bounds = [0.06, 0.09, 0.13, 0.2, 0.3, 0.45, 0.65, 0.86]
  const points = bounds.slice(1).flatMap((to, i) => {
    const from = bounds[i]!
    const within = results.filter(({ scene }) => {
      const share = scene.people[0]!.side / Math.min(scene.width, scene.height)
      return share >= from && share < to
    })
    const matched = within.filter(({ outcome }) => outcome === 'matched').length
    return within.length === 0 ? [] : [[Math.sqrt(from * to), matched / within.length] as const]
  })
  return { label, points }
}

function others(results: readonly SingleResult[]): string {
  const rest = results.filter(({ outcome }) => outcome !== 'matched')
  return [...Map.groupBy(rest, ({ outcome }) => outcome)]
    .map(([outcome, all]) => `${outcome} ${all.length}`)
    .join(', ')
}

function percent(count: number, of: number): string {
  return of === 0 ? '-' : `${((100 * count) / of).toFixed(1)} %`
}
