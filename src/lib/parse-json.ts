/** What a text is as JSON; null when it is none, or says null. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text.
    return null
  }
}
