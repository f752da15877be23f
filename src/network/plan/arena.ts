/**
 * Places on the heap for what a plan computes: each output has one for as long as it is read, and gives it back then, so that
 * the whole takes what its largest moment takes. Only sizes are dealt with here; the heap comes later. Pure.
 */

/** Vectors are aligned, and a kernel may read a little past the end of a picture. */
const alignment = 64
const slack = 64

interface Block {
  readonly start: number
  readonly bytes: number
}

export class Arena {
  readonly #free: Block[] = []
  readonly #taken = new Map<number, number>()
  #end = 0

  /** Bytes that all of it needs. */
  get bytes(): number {
    return this.#end
  }

  /** The offset of `bytes` bytes; of the free blocks the smallest that is large enough. */
  take(bytes: number): number {
    const size = Math.ceil((bytes + slack) / alignment) * alignment
    const fitting = this.#free.filter((block) => block.bytes >= size)
    fitting.sort((a, b) => a.bytes - b.bytes)
    const block = fitting[0]
    const start = block?.start ?? this.#end
    if (block === undefined) this.#end += size
    else {
      this.#free.splice(this.#free.indexOf(block), 1)
      if (block.bytes > size) this.#free.push({ start: start + size, bytes: block.bytes - size })
    }
    this.#taken.set(start, size)
    return start
  }

  /** Throws an Error for an offset that is not taken. */
  give(start: number): void {
    const bytes = this.#taken.get(start)
    if (bytes === undefined) throw new Error(`nothing was taken at ${start}`)
    this.#taken.delete(start)
    let merged: Block = { start, bytes }
    for (const block of [...this.#free]) {
      const isBefore = block.start + block.bytes === merged.start
      const isBehind = merged.start + merged.bytes === block.start
      if (!isBefore && !isBehind) continue
      this.#free.splice(this.#free.indexOf(block), 1)
      merged = { start: Math.min(block.start, merged.start), bytes: block.bytes + merged.bytes }
    }
    this.#free.push(merged)
  }
}
