/**
 * Listed pairs as a service meets them: where enrollment refuses the photo that a pair enrolls, it asks for another one. So the other photo
 * of the pair is enrolled there, and the refused one is the probe. Pure.
 */
import type { EvaluationSet } from '../accuracy/compare-faces.ts'

export function eitherEnrolled<S extends EvaluationSet>(set: S): S {
  const enrollable = new Set(set.faces.flatMap((face) => (face.enrollable ? [face.file] : [])))
  const pairs = set.pairs.map((pair) => {
    const { left, right } = pair
    const isOther = !enrollable.has(left) && enrollable.has(right)
    return isOther ? { ...pair, left: right, right: left } : pair
  })
  return { ...set, pairs }
}
