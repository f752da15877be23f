/** Who is enrolled, and with which networks: the whole listing, page by page. */
import { type IdentityPage, pagesOf } from '../../client/src/client.ts'
import { countOf } from '../../src/lib/count-of.ts'
import { connectWorker, type Worker } from './worker.ts'
import type { WorkerAddress } from './worker-address.ts'

export type ListedPerson = IdentityPage['identities'][number]

const peopleAPage = 1000

/** True when the person has encodings of this network. */
export function isEnrolledWith(
  { model, otherModel }: Pick<ListedPerson, 'model' | 'otherModel'>,
  wanted: string,
): boolean {
  return model === wanted || otherModel === wanted
}

export async function* listPeople({ ask }: Worker): AsyncGenerator<ListedPerson> {
  const pages = pagesOf((cursor) =>
    ask((client) => client.listIdentities({ limit: peopleAPage, cursor })),
  )
  for await (const { identities } of pages) yield* identities
}

/** Enrolled people without encodings of the network. */
export async function peopleWithout(model: string, address: WorkerAddress): Promise<string[]> {
  const without: string[] = []
  for await (const person of listPeople(connectWorker(address))) {
    if (!isEnrolledWith(person, model)) without.push(person.identity)
  }
  return without
}

export function describeWithout(model: string, without: readonly string[]): string {
  if (without.length === 0) return `Everybody enrolled has encodings of ${model}.`
  const verb = without.length === 1 ? 'is' : 'are'
  return [
    `${countOf(without.length, 'person')} ${verb} enrolled without encodings of ${model}:`,
    ...without.map((identity) => `  ${identity}`),
  ].join('\n')
}
