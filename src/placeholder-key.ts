/**
 * Keys that stand in for one that was to be written later, such as `changemechangeme`. Who would guess, tries these first. A random key
 * must pass, since a Worker with a key that is refused serves nothing: of 12 digits one in 16,000 has fewer than four different ones and
 * one in 900,000 repeats itself; of 12 hexadecimal digits it is one in a million and one in 15 million. Pure.
 */

const leastDifferent = 4

/** Two or more of them, with digits and separators or without, are no key. */
const words =
  'admin|api|app|change|default|example|here|key|me|my|password|placeholder|please|replace|secret|the|this|todo|token|with|your'
const onlyWords = new RegExp(`^(?:${words}|[0-9_.-])+$`, 'i')

export function isPlaceholder(key: string): boolean {
  return new Set(key).size < leastDifferent || repeatsItself(key) || saysNothing(key)
}

/** `abcabcabcabc`, also where the last time is cut short. */
function repeatsItself(key: string): boolean {
  const units = Array.from({ length: Math.floor(key.length / 2) }, (_, i) => i + 1)
  return units.some((unit) => key.slice(unit) === key.slice(0, -unit))
}

function saysNothing(key: string): boolean {
  return /[a-z]/i.test(key) && onlyWords.test(key)
}
