/**
 * AssemblyScript, compiled to build/kernels/jpeg.wasm: where the job of a scan has what. Written by scan-job.ts, which has the same
 * numbers in words; all are int32, places are bytes.
 */

/** The next byte of the scan, and where its bits end. */
// @ts-expect-error: decorator
@inline export const at: usize = 0
// @ts-expect-error: decorator
@inline export const end: usize = 4
/** What is left of the bits, when an interval has ended: how many, and the highest 32 of them. */
// @ts-expect-error: decorator
@inline export const count: usize = 8
// @ts-expect-error: decorator
@inline export const bits: usize = 12
/** Components of the scan. */
// @ts-expect-error: decorator
@inline export const components: usize = 16
/** Units across. */
// @ts-expect-error: decorator
@inline export const unitColumns: usize = 20
/** 64 float32, all zero between two blocks. */
// @ts-expect-error: decorator
@inline export const coefficients: usize = 24
/** Which of the kinds of units.ts it is. */
// @ts-expect-error: decorator
@inline export const kind: usize = 28
/** Of a progressive scan: its coefficients, first and last, and the bits that it leaves out. */
// @ts-expect-error: decorator
@inline export const first: usize = 32
// @ts-expect-error: decorator
@inline export const last: usize = 36
// @ts-expect-error: decorator
@inline export const low: usize = 40
/** Runs of blocks without coefficients that no encoder would have begun, in all intervals of the scan. */
// @ts-expect-error: decorator
@inline export const splits: usize = 44

/** Of the first component; each takes `componentBytes`. */
// @ts-expect-error: decorator
@inline export const firstComponent: usize = 48
// @ts-expect-error: decorator
@inline export const componentBytes: usize = 48

/** Of a component: its blocks in a unit. */
// @ts-expect-error: decorator
@inline export const h: usize = 0
// @ts-expect-error: decorator
@inline export const v: usize = 4
/** Huffman tables. */
// @ts-expect-error: decorator
@inline export const dc: usize = 8
// @ts-expect-error: decorator
@inline export const ac: usize = 12
/** 64 float32: what a coefficient is multiplied by, in rows. */
// @ts-expect-error: decorator
@inline export const steps: usize = 16
/** Its samples, bytes, and from one row of them to the next. */
// @ts-expect-error: decorator
@inline export const plane: usize = 20
// @ts-expect-error: decorator
@inline export const stride: usize = 24
/** Samples across and down that a block becomes: 8, 4, 2 or 1. */
// @ts-expect-error: decorator
@inline export const size: usize = 28
/** Of the block before, within an interval. */
// @ts-expect-error: decorator
@inline export const mean: usize = 32
/** The largest that a mean can be. */
// @ts-expect-error: decorator
@inline export const mostMean: usize = 36
/** Of a progressive photo, block by block: `size` x `size` int16 of the lowest frequencies, in rows. */
// @ts-expect-error: decorator
@inline export const kept: usize = 40
/** And a bit for each of its 64 coefficients that is not zero, kept or not, in the order in which they come. */
// @ts-expect-error: decorator
@inline export const seen: usize = 44
