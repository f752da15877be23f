/** A walk over an answer that comes in pages, as listings, re-encryption and pruning do. */

/** Each page in turn: asks with the cursor of the page before until a page has none. */
export async function* pagesOf<Page extends { readonly cursor?: string }>(
  ask: (cursor: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void> {
  let cursor: string | undefined
  do {
    const page = await ask(cursor)
    yield page
    cursor = page.cursor
  } while (cursor !== undefined)
}
