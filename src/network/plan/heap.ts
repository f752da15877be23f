/** Room on the heap of tfjs's WASM backend, for weights and for what a plan computes; given back all at once. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

/** Kernels read vectors, a little past the end of what they need. */
const slackBytes = 64

export type HeapNumbers =
  | Uint8Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

export class Heap {
  readonly #backend: BackendWasm
  readonly #addresses: number[] = []

  /** Throws an Error when another backend runs. */
  constructor() {
    const backend = tf.backend()
    if (!(backend instanceof BackendWasm)) throw new Error('networks run on the WASM backend only')
    this.#backend = backend
  }

  /** The address of so many bytes. Throws an Error when there is no room. */
  take(bytes: number): number {
    // Unsigned: the heap may be larger than 2 GiB.
    const address = this.#backend.wasm._malloc(bytes + slackBytes) >>> 0
    if (address === 0) throw new Error(`the WASM heap has no room for ${bytes} bytes`)
    this.#addresses.push(address)
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
    const at = this.#addresses.indexOf(address)
    if (at === -1) throw new Error(`nothing was taken at ${address}`)
    this.#addresses.splice(at, 1)
    this.#backend.wasm._free(address)
  }

  /** Gives back everything that was taken. */
  release(): void {
    for (const address of this.#addresses.splice(0)) this.#backend.wasm._free(address)
  }
}
