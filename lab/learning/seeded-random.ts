/**
 * Random numbers that a seed fixes, for drawing weights, batches and augmentation (mulberry32). Streams for different
 * purposes are derived from one seed and names or numbers, so that they do not depend on the order in which they are
 * used, and a run can be taken up in the middle.
 */
export class SeededRandom {
  #state: number

  /** @param path what the stream is for, as in `new SeededRandom(7, 'epoch', 3)` */
  constructor(seed: number, ...path: readonly (string | number)[]) {
    // FNV-1a over the path, so that neighbouring seeds and epochs start far apart.
    let hash = 0x811c9dc5
    for (const char of JSON.stringify([seed, ...path])) {
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
    }
    this.#state = hash
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  /** Normal with mean 0 and deviation 1 (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  /** A copy in random order (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items]
    for (let i = copy.length - 1; i > 0; i--) {
      const other = this.below(i + 1)
      ;[copy[i], copy[other]] = [copy[other]!, copy[i]!]
    }
    return copy
  }
}
