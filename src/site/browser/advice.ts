/** What a page tells of a failure first. Hints are for people of an app; whoever reads a page here has entered the key. Pure. */

const ofKeys: Readonly<Record<string, string>> = {
  unauthorized: 'The service does not know this key. Check it, or enter another one.',
  forbidden: 'This key may not do that. Enter one of the role admin.',
}

export function adviceOn({ code, hint }: { readonly code: string; readonly hint: string }): string {
  return ofKeys[code] ?? hint
}
