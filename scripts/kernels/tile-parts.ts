/**
 * What register tiles are made of, as lines of AssemblyScript: a tile sums some rows times eight output channels, `p0`, `q0` for the first
 * row's and so on, while pairs of numbers go by. Operations stay in the order of these lines (build-kernels.ts), which V8 keeps too.
 */
import { maxTileRows } from '../../src/network/plan/commands.ts'

/** In one turn of the loop: fewer spend their time on going round. */
const pairsPerTurn = 4

/** A function in as many variants as a tile may have rows. */
export interface Tile {
  readonly name: string
  /** In their order, each with its type. */
  readonly fields: Readonly<Record<string, string>>
  /** @param rows numbers of the rows, from 0 on */
  readonly body: (rows: readonly number[]) => string
}

const rowsOf = (count: number): number[] => Array.from({ length: count }, (_, row) => row)

/** One line a row. */
export function each(rows: readonly number[], line: (row: number) => string): string {
  return rows.map(line).join('\n')
}

/** One line a row for both its sums, with their places in what is kept of a tile. */
export function eachSum(
  rows: readonly number[],
  line: (sum: string, offset: number) => string,
): string {
  return each(rows, (row) => `${line(`p${row}`, row * 32)}; ${line(`q${row}`, row * 32 + 16)}`)
}

/** Every variant, and what chooses among them. */
export function dispatch({ name, fields, body }: Tile): string {
  const variants = rowsOf(maxTileRows).map((row) => row + 1)
  const typed = Object.entries(fields).map(([field, type]) => `${field}: ${type}`)
  const given = Object.keys(fields).join(', ')
  return `
${variants.map((rows) => `function ${name}${rows}(${typed.join(', ')}): void {\n${body(rowsOf(rows))}\n}`).join('\n')}
// @ts-expect-error: decorator
@inline
export function ${name}(rows: i32, ${typed.join(', ')}): void {
  switch (rows) {
${variants.map((rows) => `    case ${rows}: ${name}${rows}(${given}); break`).join('\n')}
  }
}`
}

/** All `pairs` of the rows at `a0` and so on times the panel at `weight`, on top of the sums; addresses end up behind them. */
export function sumPairs(rows: readonly number[]): string {
  const turn = (pairs: number): string => `
${rowsOf(pairs)
  .map((pair) => sumPair(rows, pair))
  .join('\n')}
      weight += ${32 * pairs}
${each(rows, (row) => `a${row} += ${4 * pairs}`)}`
  return `
    let pair = 0
    for (; pair + ${pairsPerTurn} <= pairs; pair += ${pairsPerTurn}) {${turn(pairsPerTurn)}
    }
    for (; pair < pairs; pair++) {${turn(1)}
    }`
}

function sumPair(rows: readonly number[], pair: number): string {
  return `{
  const w = v128.load(weight, ${32 * pair}), v = v128.load(weight, ${32 * pair + 16})
  let x: v128
${each(rows, (row) => `x = v128.load32_splat(a${row}, ${4 * pair}); ${added('p', row, 'w')}; ${added('q', row, 'v')}`)}
}`
}

function added(sum: string, row: number, weights: string): string {
  return `${sum}${row} = i32x4.add(${sum}${row}, i32x4.dot_i16x8_s(x, ${weights}))`
}

/** What `finish` reads: names of variables. */
export interface FinishNames {
  readonly scale: string
  readonly bias: string
  readonly slopes: string
  readonly residual: string
  readonly residualBytes: string
}

/**
 * Sums become what the layer gives, eight float32 a row, rows `outputBytes` apart at `output`; the largest of them, without signs, is kept at
 * `most`. There is no residual where its address is 0, nothing is activated where `slopes` is, and nothing is kept where `most` is. Four
 * channels at a time, so that all of it has room in registers.
 */
export function finish(rows: readonly number[], names: FinishNames): string {
  return `${finishFour(rows, 'p', 0, names)}\n${finishFour(rows, 'q', 16, names)}`
}

function finishFour(
  rows: readonly number[],
  sum: 'p' | 'q',
  offset: number,
  { scale, bias, slopes, residual, residualBytes }: FinishNames,
): string {
  const sloped = (activation: string): string =>
    each(rows, (row) => `${sum}${row} = ${activation}(${sum}${row}, l)`)
  return `{
  const s = f32x4.mul(v128.load(${scale}, ${offset}), f32x4.splat(step)), b = v128.load(${bias}, ${offset})
${each(rows, (row) => `${sum}${row} = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(${sum}${row}), s), b)`)}
  if (${residual}) {
${each(rows, (row) => `${sum}${row} = f32x4.add(${sum}${row}, v128.load(${residual} + ${residualBytes} * ${row}, ${offset}))`)}
  }
  if (slopes) {
    const l = v128.load(${slopes}, ${offset})
    if (isGentle) {
${sloped('gentlyActivated')}
    } else {
${sloped('activated')}
    }
  }
${each(rows, (row) => `v128.store(output + outputBytes * ${row}, ${sum}${row}, ${offset})`)}
  if (most) {
    let large = v128.load(most)
    const mask = signless(s)
${each(rows, (row) => `large = larger(large, ${sum}${row}, mask)`)}
    v128.store(most, large)
  }
}`
}
