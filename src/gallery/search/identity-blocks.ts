/**
 * Identities as bytes, one after the other in a few large blocks: its length in a byte, then its characters. None reaches over the end of
 * a block, and none is ever removed. Pure.
 */

export interface IdentityBlocks {
  /** Memory that is held. */
  readonly bytes: number
  /** Where the next identity would go, the blocks laid end to end. */
  readonly end: number
  /** Makes room for an identity of 1 to 255 characters, which are to be written. */
  append(length: number): { readonly start: number; readonly characters: Uint8Array }
  /** Of the identity that begins there. */
  charactersAt(start: number): Uint8Array
}

const blockBits = 16
const blockBytes = 1 << blockBits

export function createIdentityBlocks(): IdentityBlocks {
  const blocks: Uint8Array[] = []
  let end = 0

  function charactersAt(start: number): Uint8Array {
    const block = blocks[start >>> blockBits]
    const from = (start & (blockBytes - 1)) + 1
    return block.subarray(from, from + block[from - 1])
  }

  return {
    get bytes() {
      return blocks.length * blockBytes
    },
    get end() {
      return end
    },
    charactersAt,

    append(length) {
      if ((end & (blockBytes - 1)) === 0 || (end & (blockBytes - 1)) + 1 + length > blockBytes) {
        end = blocks.length << blockBits
        blocks.push(new Uint8Array(blockBytes))
      }
      const start = end
      blocks[start >>> blockBits][start & (blockBytes - 1)] = length
      end += 1 + length
      return { start, characters: charactersAt(start) }
    },
  }
}
