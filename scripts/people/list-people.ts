/** Who is enrolled, and with which networks: the whole listing, page by page. */
import { askWorker, type WorkerAddress } from './admin-client.ts'

export interface ListedPerson {
  readonly identity: string
  readonly model: string
  readonly otherModel?: string
}

interface Page {
  readonly identities: readonly ListedPerson[]
  readonly cursor?: string
}

/** True when the person has encodings of this network. */
export function isEnrolledWith({ model, otherModel }: ListedPerson, wanted: string): boolean {
  return model === wanted || otherModel === wanted
}

export async function* listPeople(address: WorkerAddress): AsyncGenerator<ListedPerson> {
  let cursor: string | undefined
  do {
    const query = `limit=1000${cursor === undefined ? '' : `&cursor=${cursor}`}`
    const read = (response: Response): Promise<Page> => response.json<Page>()
    const page = await askWorker(address, `/admin/identities?${query}`, {}, read)
    yield* page.identities
    cursor = page.cursor
  } while (cursor !== undefined)
}
