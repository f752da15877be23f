/**
 * A plain version of the scan in kernels/scan.ts: for a handful of templates, for the test that both agree, and for the bench
 * that measures the kernel's gain. Pure.
 */
import { type Int8Encoding, maxRounding } from '../../encoding/int8-encoding.ts'
import type { FoundRow, ScanOptions } from './template-rows.ts'

/** A template whose length differs from the probe's is never found. */
export function naiveScan(
  templates: readonly Int8Encoding[],
  probe: Float32Array,
  { maxDistance, rows, most = templates.length }: ScanOptions,
): FoundRow[] {
  const found: FoundRow[] = []
  for (const [row, { scale, numbers }] of templates.entries()) {
    if (numbers.length !== probe.length) continue
    let square = 0
    for (const number of numbers) square += (number * scale) ** 2
    const length = rows === 'unit length' ? Math.sqrt(square) : 1
    let apart = 0
    for (let i = 0; i < numbers.length; i++) {
      apart += (probe[i] - (numbers[i] * scale) / length) ** 2
    }
    // Rounding moves the length too, by no more than the row: twice as much at unit length.
    const rounding =
      (maxRounding(scale, numbers.length) * (rows === 'unit length' ? 2 : 1)) / length
    const atLeast = Math.max(0, Math.sqrt(apart) - rounding)
    if (atLeast <= maxDistance) found.push({ row, atLeast })
  }
  return found.sort((a, b) => a.atLeast - b.atLeast).slice(0, most)
}
