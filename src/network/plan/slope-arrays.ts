/** Slopes that are the same in all channels, shared by all layers of a plan. */

import type { Heap } from './heap.ts'

export class SlopeArrays {
  readonly #heap: Heap
  readonly #length: number
  readonly #addresses = new Map<number, number>()

  /** @param channels most that a layer has */
  constructor(heap: Heap, channels: number) {
    this.#heap = heap
    this.#length = Math.ceil(channels / 8) * 8
  }

  /** Address of an array that holds this slope for each channel. */
  of(slope: number): number {
    const known = this.#addresses.get(slope)
    if (known !== undefined) return known
    const address = this.#heap.put(new Float32Array(this.#length).fill(slope))
    this.#addresses.set(slope, address)
    return address
  }
}
