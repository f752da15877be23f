/**
 * One number that tells whether two lists hold the same people in the same versions: the sum of a hash of each person. Unlike a sum
 * of versions, it does not stay the same when somebody is missing and somebody else is there in their place. Sums of parts add up to
 * that of the whole, exactly up to two million people. Pure.
 */
import { hashText } from '../../lib/hash-text.ts'

/** Lists that differ have the same sum once in 2^32 cases. */
export function sumOfPeople(
  people: Iterable<readonly [identity: string, version: number]>,
): number {
  let sum = 0
  for (const [identity, version] of people) sum += hashText(`${identity}:${version}`)
  return sum
}
