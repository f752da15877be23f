/**
 * The Huffman tables that T.81 gives as typical ones (annex K.3), which most cameras write. A frame of a Motion JPEG leaves them out: a
 * sequential JPEG without any table is read by them, as browsers do.
 */
import { buildHuffmanTable, type HuffmanTable } from './huffman-table.ts'

/** Codes of each length, 1 to 16 bits, and their symbols. */
export interface TableSpec {
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
}

/** Of differences of means, by size; of luma and chroma. */
export const standardDc: readonly TableSpec[] = [
  spec([0, 1, 5, 1, 1, 1, 1, 1, 1], '000102030405060708090a0b'),
  spec([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1], '000102030405060708090a0b'),
]

/** Of the other coefficients: zeros before it, and its size. */
const standardAc: readonly TableSpec[] = [
  spec(
    [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
  ),
  spec(
    [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
    '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ),
]

export interface HuffmanTables {
  readonly dc: readonly HuffmanTable[]
  readonly ac: readonly HuffmanTable[]
}

let built: HuffmanTables | undefined

/** Laid out once, for the first file that lacks them. */
export function standardTables(): HuffmanTables {
  built ??= { dc: standardDc.map(build), ac: standardAc.map(build) }
  return built
}

function build({ counts, symbols }: TableSpec): HuffmanTable {
  return buildHuffmanTable(counts, symbols)
}

/** @param symbols in hexadecimal */
function spec(counts: readonly number[], symbols: string): TableSpec {
  return {
    counts: Uint8Array.from({ length: 16 }, (_, i) => counts[i] ?? 0),
    symbols: Uint8Array.from({ length: symbols.length / 2 }, (_, i) =>
      Number.parseInt(symbols.slice(2 * i, 2 * i + 2), 16),
    ),
  }
}
