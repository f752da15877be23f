/**
 * Reads a header of the form `value; name=text; other="quoted text"`, as Content-Type and Content-Disposition have it
 * (RFC 9110, section 5.6.6). Pure.
 */

export interface HeaderValue {
  /** What stands before the first semicolon, in lower case. */
  readonly value: string
  /** By lower-case name; quotes and escapes are taken off. */
  readonly parameters: ReadonlyMap<string, string>
}

const token = "[!#$%&'*+.^_`|~0-9a-zA-Z-]+"
const valuePattern = new RegExp(`^\\s*(${token}(?:/${token})?)`)
// Blanks, slashes and the like are not token characters, but clients do send file names and boundaries with them unquoted.
const parameterPattern = new RegExp(
  `\\s*;\\s*(?:(${token})=("(?:[^"\\\\]|\\\\.)*"|[^\\s;"][^;]*|))?`,
  'y',
)

/** Null when the header does not have this form, or names a parameter twice. */
export function parseHeaderValue(header: string): HeaderValue | null {
  const start = valuePattern.exec(header)
  if (start === null) return null
  const parameters = new Map<string, string>()
  let position = start[0].length
  while (header.slice(position).trim() !== '') {
    parameterPattern.lastIndex = position
    const match = parameterPattern.exec(header)
    if (match === null) return null
    position = parameterPattern.lastIndex
    const [, name, text] = match
    if (name === undefined) continue
    if (parameters.has(name.toLowerCase())) return null
    parameters.set(name.toLowerCase(), unquote(text.trim()))
  }
  return { value: start[1].toLowerCase(), parameters }
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text
}
