/**
 * When one photo of a person is not enough: a search among many has to be stricter, and then misses people with few photos. The measured
 * share becomes one sentence for whoever enrolls. Pure.
 */
import { countOf } from '../lib/count-of.ts'

/** Of the searches for somebody who is enrolled; more than these are worth a word. */
const mostMissed = 0.05

/**
 * @param missed share of the searches that do not find a person with one encoding, two, three; null where nobody measured it
 * @param people enrolled
 * @param encodings of the person
 * @returns undefined when there is nothing to advise
 */
export function photoHint(
  missed: readonly number[] | null,
  people: number,
  encodings: number,
): string | undefined {
  const now = missed?.[encodings - 1]
  if (now === undefined || now <= mostMissed) return undefined
  const least = Math.min(...missed!)
  if (least >= now) return undefined
  const best = missed!.indexOf(least) + 1
  return (
    `Among ${countOf(people, 'person')} a search does not find a person with ${photos(encodings)} in ${percent(now)} of the cases, ` +
    `with ${photos(best)} in ${percent(least)}: add photos of other days and other light.`
  )
}

function photos(count: number): string {
  return count === 1 ? 'one photo' : countOf(count, 'photo')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}
