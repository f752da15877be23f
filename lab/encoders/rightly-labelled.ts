/**
 * Listed pairs without those whose label is wrong: a list that calls photos of two people one person's counts whoever tells them apart as
 * wrong, and at rare rates a few such pairs decide. Pure.
 */
import { basename, dirname } from 'node:path'
import type { EvaluationSet } from '../accuracy/compare-faces.ts'

/** @param mislabelled names of folders that show two people: their pairs of one person are left out */
export function rightlyLabelled<S extends EvaluationSet>(
  set: S,
  mislabelled: readonly string[],
): S {
  const isWrong = (file: string): boolean => mislabelled.includes(basename(dirname(file)))
  return { ...set, pairs: set.pairs.filter(({ same, left }) => !(same && isWrong(left))) }
}
