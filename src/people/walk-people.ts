/**
 * Applies an action to all people concerned, a bounded piece per request: pages of the directory list them, and the answer's
 * cursor is where the next request continues. Work done before a failure stays done.
 */
export interface WalkPage {
  /** The people concerned, in the order of the identities' bytes. */
  readonly identities: readonly string[]
  /** The last identity of the page, concerned or not; absent at the end. */
  readonly cursor?: string
}

export interface WalkOptions {
  /** Cursor of the previous answer. */
  readonly cursor?: string
  /** Most people in one request. */
  readonly limit: number
}

export interface Walked<Outcome> {
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Absent when everybody is done. */
  readonly cursor?: string
}

/** People processed at the same time. */
const maxAtOnce = 50
/** Most pages of one request without anybody concerned. */
const maxPages = 50

export async function walkPeople<Outcome>(
  pageAfter: (cursor: string) => Promise<WalkPage>,
  work: (identity: string) => Promise<Outcome>,
  { cursor: first = '', limit }: WalkOptions,
): Promise<Walked<Outcome>> {
  const outcomes = new Map<string, Outcome>()
  let cursor = first
  for (let pages = 0; pages < maxPages; pages++) {
    const page = await pageAfter(cursor)
    const taken = page.identities.slice(0, limit - outcomes.size)
    for (let start = 0; start < taken.length; start += maxAtOnce) {
      const batch = taken.slice(start, start + maxAtOnce)
      const done = await Promise.all(batch.map(work))
      for (const [i, outcome] of done.entries()) outcomes.set(batch[i], outcome)
    }
    if (taken.length < page.identities.length) return { outcomes, cursor: taken.at(-1) ?? cursor }
    if (page.cursor === undefined) return { outcomes }
    cursor = page.cursor
  }
  return { outcomes, cursor }
}
