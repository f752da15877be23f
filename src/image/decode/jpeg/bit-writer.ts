/** Writes entropy-coded bits of a JPEG: behind each FF a zero is stuffed, and the last byte is padded with ones. */

export class BitWriter {
  #bytes = new Uint8Array(4 * 1024)
  #length = 0
  /** Bits that do not fill a byte yet. */
  #bits = 0
  #count = 0

  /** The lowest `count` bits of the value, at most 16. */
  put(value: number, count: number): void {
    this.#bits = (this.#bits << count) | (value & ((1 << count) - 1))
    this.#count += count
    while (this.#count >= 8) {
      this.#count -= 8
      this.#push((this.#bits >>> this.#count) & 0xff)
    }
    this.#bits &= (1 << this.#count) - 1
  }

  /** Everything that was written. */
  finish(): Uint8Array {
    if (this.#count > 0) this.put(0xff, 8 - this.#count)
    return this.#bytes.subarray(0, this.#length)
  }

  #push(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length)
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes[this.#length++] = byte
    if (byte === 0xff) this.#bytes[this.#length++] = 0
  }
}
