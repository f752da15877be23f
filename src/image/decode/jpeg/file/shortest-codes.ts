/** The Huffman codes that take the fewest bits for given symbols, just as libjpeg makes them. ITU-T T.81, annex K.2. Pure. */

/** Of the longest code. */
export const mostBits = 16

/**
 * @param counts by symbol: how often it stands there
 * @returns by symbol: the length of its code, 0 for one that does not stand there
 */
export function shortestCodes(counts: Uint32Array): Uint8Array {
  const symbols: number[] = []
  for (const [symbol, count] of counts.entries()) if (count > 0) symbols.push(symbol)
  const lengths = limited(
    joinRarest(Float64Array.of(...symbols.map((symbol) => counts[symbol]!), 1)),
  )
  const found = new Uint8Array(counts.length)
  for (const [i, symbol] of symbols.entries()) found[symbol] = lengths[i]!
  return found
}

/** Joins the two rarest until all are one: a code gets a bit longer each time. @param times the last for the code of all ones, which is left free */
function joinRarest(times: Float64Array): Uint8Array {
  const lengths = new Uint8Array(times.length)
  const joined = Array.from(times, (_, i) => [i])
  const left = joined.map((_, i) => i)
  while (left.length > 1) {
    // Of those that are as rare, the later.
    let [rarest, next] = [-1, -1]
    for (const [place, i] of left.entries()) {
      if (rarest < 0 || times[i]! <= times[left[rarest]!]!) [rarest, next] = [place, rarest]
      else if (next < 0 || times[i]! <= times[left[next]!]!) next = place
    }
    const [one, other] = [left[rarest]!, left[next]!]
    times[one]! += times[other]!
    joined[one]!.push(...joined[other]!)
    for (const i of joined[one]!) lengths[i]!++
    left.splice(next, 1)
  }
  return lengths
}

/** Two codes that are too long become one bit shorter and one `mostBits` at most, for which a shorter one gets a bit more; one of the longest goes. */
function limited(lengths: Uint8Array): Uint8Array {
  const longest = Math.max(...lengths)
  const counts = new Uint32Array(Math.max(longest, mostBits) + 1)
  for (const length of lengths) counts[length]!++
  for (let length = longest; length > mostBits; length--) {
    while (counts[length]! > 0) {
      let shorter = length - 2
      while (counts[shorter] === 0) shorter--
      counts[length]! -= 2
      counts[length - 1]!++
      counts[shorter + 1]! += 2
      counts[shorter]!--
    }
  }
  const ranks = Array.from(lengths.subarray(0, -1), (_, i) => i).sort(
    (a, b) => lengths[a]! - lengths[b]! || a - b,
  )
  const found = new Uint8Array(ranks.length)
  let rank = 0
  for (let length = 1; rank < ranks.length; length++) {
    for (let i = 0; i < counts[length]! && rank < ranks.length; i++) found[ranks[rank++]!] = length
  }
  return found
}
