/** What a graph has that no table of ours can hold, each kind once, with how often. */
export class GraphFaults {
  readonly #counts = new Map<string, number>()

  /** @param what as in "Softmax", "Conv with dilations 2, 2" */
  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }

  /** As in "Softmax (2 times), Conv with dilations 2, 2". */
  get text(): string {
    return [...this.#counts]
      .map(([what, count]) => (count === 1 ? what : `${what} (${count} times)`))
      .join(', ')
  }
}
