/**
 * Reads the entropy-coded bits of a JPEG between two markers: takes out the zero that is stuffed behind each FF, and knows whether
 * more was read than is there.
 */
import { type HuffmanTable, quickBits } from './file/huffman-table.ts'

export class BitReader {
  readonly #bytes: Uint8Array
  #at = 0
  /** Where the bits end. */
  #end = 0
  /** The next bits, from the highest down. */
  #bits = 0
  /** How many of them there are; below zero once more was read than is there. */
  #count = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Goes on with the bits from `at` to `end`. */
  start(at: number, end: number): void {
    this.#at = at
    this.#end = end
    this.#bits = 0
    this.#count = 0
  }

  /** Whether more bits were read than there are. */
  get isPastEnd(): boolean {
    return this.#count < 0
  }

  /** Whether more is left than the padding of the last byte. */
  get hasWholeByte(): boolean {
    return this.#count >= 8 || (this.#count >= 0 && this.#at < this.#end)
  }

  /** The first byte that was not read at all. What is left of the byte before it is padding. */
  get position(): number {
    return positionOf(this.#bytes, Math.min(this.#at, this.#end), this.#count)
  }

  /** What the bits are that are left of the byte that was read last. */
  get padding(): Padding {
    return paddingOf(this.#bits, this.#count)
  }

  /** The next bits as a number; at most 25. Beyond the end they are zeros. */
  take(count: number): number {
    if (count === 0) return 0
    if (this.#count < count) this.#fill()
    const value = this.#bits >>> (32 - count)
    this.#bits <<= count
    this.#count -= count
    return value
  }

  /** Passes over at most 25 bits. */
  skip(count: number): void {
    if (this.#count < count) this.#fill()
    this.#bits <<= count
    this.#count -= count
  }

  /** The next symbol; -1 where no code fits. */
  takeSymbol(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill()
    const quick = table.quick[this.#bits >>> (32 - quickBits)]!
    const found = quick !== 0 ? quick : this.#findLongCode(table)
    if (found < 0) return -1
    const length = found >> 8
    this.#bits <<= length
    this.#count -= length
    return found & 0xff
  }

  /** A difference of `size` bits, as DC coefficients have it. */
  takeDifference(size: number): number {
    if (size === 0) return 0
    const value = this.take(size)
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value
  }

  #findLongCode({ beyond, offset, symbols }: HuffmanTable): number {
    const next = this.#bits >>> 16
    for (let length = quickBits + 1; length <= 16; length++) {
      if (next < beyond[length]!) {
        return (length << 8) | symbols[(next >>> (16 - length)) + offset[length]!]!
      }
    }
    return -1
  }

  /** Makes sure of 25 bits, as far as there are any. */
  #fill(): void {
    while (this.#count <= 24 && this.#count >= 0 && this.#at < this.#end) {
      const byte = this.#bytes[this.#at++]!
      if (byte === 0xff) this.#at++
      this.#bits |= byte << (24 - this.#count)
      this.#count += 8
    }
  }
}

/** The first byte of which no bit was taken. @param at the first that was not read @param count bits that were read and not taken */
export function positionOf(bytes: Uint8Array, at: number, count: number): number {
  let position = at
  for (let whole = count >> 3; whole > 0; whole--) {
    position--
    // Behind an FF stands a zero that is no data.
    if (bytes[position] === 0 && bytes[position - 1] === 0xff) position--
  }
  return position
}

/** What the last byte of an interval is filled up with: ones as a rule, by some encoders zeros; nothing where its bits came out even. */
export type Padding = 'ones' | 'zeros' | 'neither' | 'nothing'

/** Of what is left of a byte. @param bits the next 32, from the highest down */
export function paddingOf(bits: number, count: number): Padding {
  const left = count & 7
  if (left === 0) return 'nothing'
  const value = bits >>> (32 - left)
  if (value === 0) return 'zeros'
  return value === (1 << left) - 1 ? 'ones' : 'neither'
}
