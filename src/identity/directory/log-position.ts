/**
 * A place in the directory's log: for each of its parts the last change that was read. A person is in one part alone, so no order
 * between the changes of two parts matters to anybody. Pure.
 */
import { z } from 'zod'
import { directoryParts } from './directory-parts.ts'

export type LogPosition = readonly number[]

/** The same number in every part. */
export function everywhere(seq: number): LogPosition {
  return new Array<number>(directoryParts).fill(seq)
}

/** Before the first change. */
export const beginning = everywhere(0)

/**
 * As it is stored. One number is of a directory that was not divided yet: its changes kept their numbers in the parts, so that it is the
 * same place in each of them.
 */
export const storedPosition = z.union([
  z.array(z.int().min(0)).length(directoryParts),
  z.int().min(0).transform(everywhere),
])

/** In each part the later of the two. */
export function laterOf(a: LogPosition, b: LogPosition): LogPosition {
  return a.map((seq, part) => Math.max(seq, b[part]))
}

/** Nothing up to `b` is missing at `a`. */
export function hasReached(a: LogPosition, b: LogPosition): boolean {
  return a.every((seq, part) => seq >= b[part])
}

export function isBeginning(position: LogPosition): boolean {
  return position.every((seq) => seq === 0)
}

export function withChange(position: LogPosition, part: number, seq: number): LogPosition {
  return position.with(part, Math.max(position[part], seq))
}

/** How many changes lie before it. */
export function changesBefore(position: LogPosition): number {
  return position.reduce((sum, seq) => sum + seq, 0)
}
