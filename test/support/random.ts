/** Numbers that look random and are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` numbers from -1 to 1. */
export function randomNumbers(count: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  const numbers = new Float32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = random() * 2 - 1
  return numbers
}
