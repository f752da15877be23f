/**
 * Whom weights have learned from, by the run.json that training left beside their folder. Thresholds must not be measured on
 * those people: the network tells them apart better than anybody whom it has not seen.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandFault } from '../../scripts/front/fault.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'

/** @param folder of the weights; nobody when training did not write them */
export async function seenPeople(folder: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(dirname(folder), 'run.json'), 'utf8').catch(() => null)
  if (text === null) return new Set()
  const { people }: { people?: Partial<Record<'learned' | 'heldBack', string[]>> } =
    JSON.parse(text)
  return new Set([...(people?.learned ?? []), ...(people?.heldBack ?? [])])
}

/** Throws CommandFault when nobody is left. */
export function leaveOut(
  photos: readonly PersonPhoto[],
  seen: ReadonlySet<string>,
): { readonly photos: readonly PersonPhoto[]; readonly note?: string } {
  const known = [...new Set(photos.map(({ person }) => person))]
  const left = known.filter((person) => seen.has(person))
  if (left.length === 0) return { photos }
  if (left.length === known.length) {
    throw new CommandFault(
      `the packed weights have learned from all ${known.length} people: take others, whom they have not seen`,
    )
  }
  const names = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ' and others' : ''}`
  return {
    photos: photos.filter(({ person }) => !seen.has(person)),
    note: `left out ${left.length} of ${known.length} people, whom the packed weights have learned from: ${names}`,
  }
}
