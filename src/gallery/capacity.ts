/** How many people an index holds. It is searched whole or not at all, so that one more than that is refused and not left out. */
import { FaceError } from '../errors.ts'

export interface Capacity {
  readonly maxPeople: number
  /** How a message calls the index, at the beginning of a sentence. */
  readonly index: string
  /** The value of INDEX that holds more. */
  readonly larger: 'packed' | 'vectorize'
}

/** Throws `not_configured` when there are more people than the index holds. */
export function requireCapacity({ maxPeople, index, larger }: Capacity, people: number): void {
  if (people <= maxPeople) return
  throw new FaceError(
    'not_configured',
    `${index} holds ${maxPeople} people at most, and more are enrolled; INDEX=${larger} holds more.`,
  )
}

/** Throws `not_configured` when there would be: whoever enrols one person too many would shut out everybody. */
export function requireRoom(
  { maxPeople, index, larger }: Capacity,
  people: number,
  added: number,
): void {
  if (people + added <= maxPeople) return
  throw new FaceError(
    'not_configured',
    `${index} holds ${maxPeople} people at most, and ${people} are enrolled; INDEX=${larger} holds more.`,
  )
}
