/**
 * One page of a list whose rows lie in several parts, each in the order of the identities' bytes. A part is asked for its share of the
 * page and a little more, and again only if the page needs more of it: a walk over everybody reads each row about twice, not once per part.
 * The page has every row after `after`, up to its last one.
 */
import { directoryParts } from './directory-parts.ts'

export interface Page {
  /** Only identities after this one. */
  readonly after: string
  readonly limit: number
}

interface Listed {
  readonly identity: string
}

/** What is known of a part: rows not taken yet, and where to ask on. */
interface PartRows<Row> {
  readonly part: number
  rows: readonly Row[]
  next: number
  after: string
  isEnd: boolean
}

/** @param readPart rows of a part, in order; fewer than the limit only at its end */
export async function mergeParts<Row extends Listed>(
  { after, limit }: Page,
  readPart: (part: number, page: Page) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const share = shareOf(limit)
  const parts = Array.from({ length: directoryParts }, (_, part): PartRows<Row> => {
    return { part, rows: [], next: 0, after, isEnd: false }
  })
  const merged: Row[] = []
  while (merged.length < limit) {
    const dry = parts.filter(isDry)
    if (dry.length > 0) await Promise.all(dry.map(readOn))
    const nearest = parts.reduce<PartRows<Row> | null>(nearer, null)
    if (nearest === null) break
    merged.push(nearest.rows[nearest.next++])
  }
  return merged

  async function readOn(known: PartRows<Row>): Promise<void> {
    const rows = await readPart(known.part, { after: known.after, limit: share })
    known.rows = rows
    known.next = 0
    known.isEnd = rows.length < share
    known.after = rows.at(-1)?.identity ?? known.after
  }
}

function isDry({ rows, next, isEnd }: PartRows<unknown>): boolean {
  return next === rows.length && !isEnd
}

/** As hashes spread a page over the parts, seldom too few. */
function shareOf(limit: number): number {
  const even = limit / directoryParts
  return Math.min(limit, Math.ceil(even + 3 * Math.sqrt(even)) + 1)
}

function nearer<Row extends Listed>(
  best: PartRows<Row> | null,
  part: PartRows<Row>,
): PartRows<Row> | null {
  if (part.next === part.rows.length) return best
  if (best === null) return part
  // Identities are ASCII: the order of their characters is that of their bytes.
  return part.rows[part.next].identity < best.rows[best.next].identity ? part : best
}
