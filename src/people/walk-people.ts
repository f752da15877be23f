/**
 * Does something to everybody whom it concerns, a bounded piece a request: pages of the directory say whom, and the cursor of the
 * answer is where the next request goes on. Whatever was done stays done when a request fails.
 */
export interface WalkPage {
  /** Whom it concerns, in the order of the identities' bytes. */
  readonly identities: readonly string[]
  /** The last identity of the page, concerned or not; absent at the end. */
  readonly cursor?: string
}

export interface WalkOptions {
  /** Of the request before. */
  readonly cursor?: string
  /** Most people in one request. */
  readonly limit: number
}

export interface Walked<Outcome> {
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Absent when everybody was dealt with. */
  readonly cursor?: string
}

/** People dealt with at the same time. */
const maxAtOnce = 50
/** Pages of one request in which nobody is concerned. */
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
