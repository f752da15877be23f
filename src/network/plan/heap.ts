/** Room on the heap of tfjs's WASM backend, for weights and for what a plan computes; given back all at once. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

/** Kernels read vectors, a little past the end of what they need. */
const slackBytes = 64
/** Of the cache: a vector that lies in two lines takes twice as long to read. */
const lineBytes = 64

export type HeapNumbers =
  | Uint8Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

export class Heap {
  readonly #backend: BackendWasm
  /** Where each begins that malloc gave, by the address within it. */
  readonly #taken = new Map<number, number>()

  /** Throws an Error when another backend runs. */
  constructor() {
    const backend = tf.backend()
    if (!(backend instanceof BackendWasm)) throw new Error('networks run on the WASM backend only')
    this.#backend = backend
  }

  /** The address of so many bytes. Throws an Error when there is no room. */
  take(bytes: number): number {
    // Unsigned: the heap may be larger than 2 GiB.
    const start = this.#backend.wasm._malloc(bytes + slackBytes + lineBytes) >>> 0
    if (start === 0) throw new Error(`the WASM heap has no room for ${bytes} bytes`)
    const address = Math.ceil(start / lineBytes) * lineBytes
    this.#taken.set(address, start)
    return address
  }

  /** The address of a copy. */
  put(values: HeapNumbers): number {
    const address = this.take(values.byteLength)
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    this.#backend.wasm.HEAPU8.set(bytes, address)
    return address
  }

  /** Numbers of the heap, as they are now. */
  copyOut<Numbers extends Int16Array | Int32Array | Float32Array | Float64Array>(
    type: new (buffer: ArrayBufferLike, address: number, length: number) => Numbers,
    address: number,
    length: number,
  ): Numbers {
    return new type(this.#backend.wasm.HEAPU8.buffer, address, length).slice() as Numbers
  }

  /** Gives back one address. */
  give(address: number): void {
    const start = this.#taken.get(address)
    if (start === undefined) throw new Error(`nothing was taken at ${address}`)
    this.#taken.delete(address)
    this.#backend.wasm._free(start)
  }

  /** Gives back everything that was taken. */
  release(): void {
    for (const start of this.#taken.values()) this.#backend.wasm._free(start)
    this.#taken.clear()
  }
}
