/** What a graph has that no table of ours can hold: each kind once, with the names of its nodes. */

/** Of the nodes of one kind, so many are named; the others are counted. */
const mostNamed = 3

/** Thrown by whoever reads a node: what about it is not known. */
export class UnknownNode extends Error {}

/** The same, of a node that does not fit what it reads. Where that was unknown itself, nothing is wrong with the node. */
export class MisfitNode extends UnknownNode {}

export class GraphFaults {
  readonly #nodes = new Map<string, string[]>()

  /** @param what as in "Softmax", "Conv with dilations 2, 2" */
  add(what: string, node: string): void {
    const nodes = this.#nodes.get(what)
    if (nodes) nodes.push(node)
    else this.#nodes.set(what, [node])
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0
  }

  /** As in "Softmax (at /last/Softmax), HardSwish (at a, b, c and 13 more)". */
  get text(): string {
    return [...this.#nodes]
      .map(([what, nodes]) => {
        const more = nodes.length - mostNamed
        const named = nodes.slice(0, mostNamed).join(', ')
        return `${what} (at ${named}${more > 0 ? ` and ${more} more` : ''})`
      })
      .join(', ')
  }
}
