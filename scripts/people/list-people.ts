/** Who is enrolled, and with which networks: the whole listing, page by page. */
import { type IdentityPage, pagesOf } from '../../client/src/client.ts'
import type { Worker } from './worker.ts'

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
