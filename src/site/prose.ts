/** Pieces of HTML that every part of the reference uses. Everything that comes from the contract is escaped. */
import { html, type raw } from 'hono/html'

/** What `html` makes: text whose special characters are escaped already. */
export type Markup = ReturnType<typeof raw>

/** `html` without the promise: none of what the reference is made of has to be waited for. */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  const made = html(strings, ...values)
  if (made instanceof Promise) throw new TypeError('markup of something that is not there yet')
  return made
}

/** Text in which backticks mark code, as descriptions and hints are written. */
export function prose(text: string): Markup[] {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`))
}

/** A table that may scroll sideways on a narrow screen; the caption is for screen readers. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly unknown[])[],
  kind = '',
): Markup {
  return markup`<div class="scroll ${kind}" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(([first, ...rest]) => markup`<tr><th scope="row">${first}</th>${rest.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`
}
