/** Places in a WebAssembly memory for one photo, one after the other; the next photo starts over. The memory grows as needed. */

const pageBytes = 65_536
/** Kernels read and write vectors, a little past the end of what they need. */
const slackBytes = 64

export class PhotoMemory {
  readonly #memory: WebAssembly.Memory
  #end: number

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory
    this.#end = base
  }

  /** Valid until more is taken. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer
  }

  /** Where the next bytes will lie. */
  get end(): number {
    return this.#end
  }

  /** Gives back what was taken since. */
  rewind(end: number): void {
    this.#end = end
  }

  /** The address of so many bytes. Throws RangeError when there is no such memory. */
  take(bytes: number): number {
    const address = Math.ceil(this.#end / 16) * 16
    this.#end = address + bytes + slackBytes
    const missing = this.#end - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes))
    return address
  }

  takeZeros(bytes: number): number {
    const address = this.take(bytes)
    new Uint8Array(this.#memory.buffer, address, bytes).fill(0)
    return address
  }

  put(values: Uint8Array | Float32Array | Int32Array): number {
    const address = this.take(values.byteLength)
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    new Uint8Array(this.#memory.buffer).set(bytes, address)
    return address
  }
}
