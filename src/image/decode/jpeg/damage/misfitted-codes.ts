/**
 * Whether one scan of a progressive JPEG holds other symbols than its codes were made for. Software counts the symbols of each scan and makes its
 * codes as short as can be, mostly as libjpeg does, so that they tell how often each symbol stood in the scan. Where all codes of a file but
 * one are exactly those, and that one could be shorter, or has a code for what is not there, its scan was damaged. Pure.
 */
import type { HuffmanTable } from '../file/huffman-table.ts'
import { mostBits, shortestCodes } from '../file/shortest-codes.ts'

/** So many symbols the exact ones must have together: those of few are exact by chance, whoever makes them. */
const fewestExact = 25

/** @param tables how often each of their symbols was read */
export function hasMisfittedCodes(tables: ReadonlyMap<HuffmanTable, Uint32Array>): boolean {
  const fits = [...tables].map(([table, counts]) => fitOf(table, counts))
  const [misfit, ...more] = fits.filter(({ isExact }) => !isExact)
  let exact = 0
  for (const { symbols, isExact } of fits) if (isExact) exact += symbols
  return misfit !== undefined && more.length === 0 && misfit.isLonger && exact >= fewestExact
}

interface Fit {
  /** That have a code. */
  readonly symbols: number
  readonly isExact: boolean
  /** Whether others are shorter however ties are broken, or it has a code for what is not there. */
  readonly isLonger: boolean
}

function fitOf({ codes }: HuffmanTable, counts: Uint32Array): Fit {
  const shortest = shortestCodes(counts)
  const lengths = Uint8Array.from(codes, (code) => code >>> 16)
  let [symbols, others, unused, bits] = [0, 0, 0, 0]
  for (const [symbol, count] of counts.entries()) {
    const length = lengths[symbol]!
    if (length > 0) symbols++
    if (length !== shortest[symbol]) others++
    if (length > 0 && count === 0) unused++
    bits += count * (length - shortest[symbol]!)
  }
  // Of what is as rare as the free code some encoders lengthen that and some another, and those that shorten the longest all do it in their way.
  const withFree = bits + freeBits(lengths) - freeBits(shortest)
  const isLonger = Math.min(bits, withFree) > 0 && !shortest.includes(mostBits)
  return { symbols, isExact: others === 0, isLonger: unused > 0 || isLonger }
}

/** Length of the code that no symbol has, which would be all ones. */
function freeBits(lengths: Uint8Array): number {
  let free = 1
  for (const length of lengths) if (length > 0) free -= 2 ** -length
  return -Math.log2(free)
}
