/**
 * Keys that stand in for one that was to be written later, such as `changemechangeme`. Who would guess, tries these first. A random key
 * must pass, since a Worker with a key that is refused serves nothing: of 12 digits one in 16,000 has fewer than four different ones, one in
 * 970,000 is a run and one in 900,000 repeats itself; of 12 hexadecimal digits it is one in a million, one in 122 million and one in 15
 * million. Pure.
 */

const leastDifferent = 4

/** Steps of a run that may be none: as from 9 to 0, one in so many characters. */
const charactersAGap = 10

/** Two or more of them, with digits and punctuation or without, are no key. None has the letters of hexadecimal digits alone. */
const words =
  'admin|api|app|before|changed|change|default|deploy|dummy|enter|example|facegate|fill|here|insert|in|it|key|later|me|must|my|new|now|password|placeholder|please|production|put|replace|secret|set|some|temporary|the|this|todo|token|use|value|with|your'
const onlyWords = new RegExp(`^(?:${words}|[\\d\\p{P}\\p{S}])+$`, 'iu')

export function isPlaceholder(key: string): boolean {
  return new Set(key).size < leastDifferent || repeatsItself(key) || isRun(key) || saysNothing(key)
}

/** `abcdefghijkl`, `123456789012`, `ddddccccbbbbaaaa`: each character is the one before or the next one. */
function isRun(key: string): boolean {
  const codes = Array.from(key, (character) => character.codePointAt(0)!)
  const steps = codes.slice(1).map((code, i) => code - codes[i]!)
  const most = codes.length / charactersAGap
  return [1, -1].some((way) => steps.filter((step) => step !== 0 && step !== way).length <= most)
}

/** `abcabcabcabc`, also where the last time is cut short. */
function repeatsItself(key: string): boolean {
  const units = Array.from({ length: Math.floor(key.length / 2) }, (_, i) => i + 1)
  return units.some((unit) => key.slice(unit) === key.slice(0, -unit))
}

function saysNothing(key: string): boolean {
  return /[a-z]/i.test(key) && onlyWords.test(key)
}
