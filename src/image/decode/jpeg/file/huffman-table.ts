/**
 * A Huffman table of a JPEG, laid out for reading: codes of up to nine bits in one step, longer ones bit by bit. ITU-T T.81,
 * annex C.
 */
import { damagedJpeg } from '../jpeg-faults.ts'

/** Longest code that `quick` knows. */
export const quickBits = 9

export interface HuffmanTable {
  /** By the next nine bits: length of the code in the upper byte, its symbol in the lower; 0 for a longer code. */
  readonly quick: Uint16Array
  /** By length: the first value that is beyond the codes of it, aligned to the left of 16 bits. */
  readonly beyond: Int32Array
  /** By length: what to add to a code for the index of its symbol. */
  readonly offset: Int32Array
  readonly symbols: Uint8Array
  /** By symbol: the length of its code in the upper half, the code in the lower. */
  readonly codes: Uint32Array
}

/** @param counts codes of each length, 1 to 16 bits */
export function buildHuffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const quick = new Uint16Array(1 << quickBits)
  const beyond = new Int32Array(17)
  const offset = new Int32Array(17)
  const codes = new Uint32Array(256)
  let code = 0
  let index = 0
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!
    offset[length] = index - code
    for (let i = 0; i < count; i++, index++, code++) {
      codes[symbols[index]!] = (length << 16) | code
      if (length > quickBits) continue
      const first = code << (quickBits - length)
      quick.fill((length << 8) | symbols[index]!, first, first + (1 << (quickBits - length)))
    }
    if (code > 1 << length) throw damagedJpeg()
    beyond[length] = code << (16 - length)
    code <<= 1
  }
  return { quick, beyond, offset, symbols, codes }
}
