/**
 * Takes out of an answer what its decision rests on. Distances would show an attacker which change of a photo helps, and a few dozen
 * answers would lead from a stranger's face to a match; the decision alone reveals almost nothing. Pure.
 */

/** How much of an answer callers see. `scores` is meant for integrating an app; administrators see everything. */
export const details = ['decision', 'scores'] as const
export type Detail = (typeof details)[number] | 'everything'

/** Wherever in an answer they stand. */
const scores: ReadonlySet<string> = new Set(['distance', 'threshold', 'livenessScore'])

export function hideScores(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(hideScores)
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(
    Object.entries(answer).flatMap(([name, value]) =>
      scores.has(name) ? [] : [[name, hideScores(value)]],
    ),
  )
}
