/**
 * A buffer for bytes of unknown number, which doubles when it is full. What came before is moved, not copied: two photos at once
 * would leave many times their size for the garbage collector.
 */

/** Room at the beginning. */
const initialBytes = 64 * 1024

export class GrowingBytes {
  /** How many there will be, or are allowed: no room is made beyond it unless more come. */
  readonly #expected: number
  #buffer: Uint8Array<ArrayBuffer>
  #length = 0

  constructor(expected: number) {
    this.#expected = expected
    this.#buffer = new Uint8Array(Math.min(expected, initialBytes))
  }

  get length(): number {
    return this.#length
  }

  append(piece: Uint8Array): void {
    this.room(piece.length).set(piece)
    this.#length += piece.length
  }

  /** Where the next `bytes` belong; `advance` says how many of them were written. Valid until more room is asked for. */
  room(bytes: number): Uint8Array {
    const needed = this.#length + bytes
    if (needed > this.#buffer.length) {
      const doubled = Math.max(needed, 2 * this.#buffer.length)
      const size = needed <= this.#expected ? Math.min(doubled, this.#expected) : doubled
      this.#buffer = new Uint8Array(this.#buffer.buffer.transfer(size))
    }
    return this.#buffer.subarray(this.#length, needed)
  }

  advance(bytes: number): void {
    this.#length += bytes
  }

  /** All of them. Room that is left is given back unless it is so little that a copy would cost more. */
  finish(): Uint8Array<ArrayBuffer> {
    const left = this.#buffer.length - this.#length
    if (16 * left < this.#length) return this.#buffer.subarray(0, this.#length)
    return new Uint8Array(this.#buffer.buffer.transfer(this.#length))
  }
}
