/** How many people an index holds. It is searched whole or not at all, so that one more than that is refused and not left out. */
import { FaceError } from '../../errors/face-error.ts'

export interface Capacity {
  readonly maxPeople: number
  /** How a message calls the index, at the beginning of a sentence. */
  readonly index: string
  /** The value of INDEX that holds more. */
  readonly larger: 'packed' | 'vectorize'
}

/**
 * Throws `not_configured` when more people are there, or would be: enrolling one person too many would shut out everybody.
 *
 * @param added people to be added
 */
export function requireRoom(
  { maxPeople, index, larger }: Capacity,
  people: number,
  added = 0,
): void {
  if (people + added <= maxPeople) return
  const enrolled = people > maxPeople ? 'more' : people
  throw new FaceError(
    'not_configured',
    `${index} holds ${maxPeople} people at most, and ${enrolled} are enrolled; INDEX=${larger} holds more.`,
  )
}
