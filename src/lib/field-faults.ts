/** How messages speak of a field: which one, and what was expected of it; never what was sent. Pure. */

/** How a message names a field: quoted, and cut, because the name came from outside. */
export function quoteField(name: string): string {
  return `field ${JSON.stringify(name.slice(0, 64))}`
}

/** For a zod schema: the message when a value does not fit. */
export function expected(what: string) {
  return {
    error: (issue: { readonly input?: unknown }) =>
      issue.input === undefined ? `missing, expected ${what}` : `expected ${what}`,
  }
}
