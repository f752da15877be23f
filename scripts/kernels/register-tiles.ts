/** The two tiles of plain integer products: of rows of a matrix, and of output pixels, which read runs of a picture. */
import { each, eachSum, finish, sumPairs, type Tile } from './tile-parts.ts'

/**
 * Rows of `a` times a panel [pairs][8][2] of `b`, int16 both; eight int32 a row. As many `groups` of rows one after the other: a call
 * for each would cost a tenth where there are few pairs.
 */
export const productTile: Tile = {
  name: 'product',
  fields: {
    ...{ groups: 'i32', a: 'usize', aBytes: 'usize', b: 'usize', c: 'usize', cBytes: 'usize' },
    pairs: 'i32',
  },
  body: (rows) => `
  for (let group = 0; group < groups; group++) {
${each(rows, (row) => `let a${row} = a + aBytes * ${row}`)}
${eachSum(rows, (sum) => `let ${sum} = i32x4.splat(0)`)}
    let weight = b
${sumPairs(rows)}
${each(rows, (row) => `v128.store(c + cBytes * ${row}, p${row}); v128.store(c + cBytes * ${row}, q${row}, 16)`)}
    a += aBytes * ${rows.length}
    c += cBytes * ${rows.length}
  }`,
}

/**
 * The same where a row of `a` is an output pixel: `runs` runs of `pairs` pairs that lie `rowBytes` apart in the picture, from
 * the place that `starts` has. While the sums are in registers they become what the layer gives (`finish`).
 */
export const directTile: Tile = {
  name: 'direct',
  fields: {
    ...{ groups: 'i32', picture: 'usize', starts: 'usize', weights: 'usize', runs: 'i32' },
    ...{ pairs: 'i32', rowBytes: 'usize', scale: 'usize', step: 'f32', bias: 'usize' },
    ...{ slopes: 'usize', isGentle: 'bool', residual: 'usize', residualBytes: 'usize' },
    ...{ output: 'usize', outputBytes: 'usize', most: 'usize' },
  },
  body: (rows) => `
  for (let group = 0; group < groups; group++) {
${each(rows, (row) => `let a${row} = picture + <usize>load<u32>(starts, ${row * 4})`)}
${eachSum(rows, (sum) => `let ${sum} = i32x4.splat(0)`)}
    const skip = rowBytes - (<usize>pairs << 2)
    let weight = weights
    for (let run = 0; run < runs; run++) {
${sumPairs(rows)}
${each(rows, (row) => `a${row} += skip`)}
    }
${finish(rows, {
  scale: 'scale',
  bias: 'bias',
  slopes: 'slopes',
  residual: 'residual',
  residualBytes: 'residualBytes',
})}
    if (residual) residual += residualBytes * ${rows.length}
    starts += ${rows.length * 4}
    output += outputBytes * ${rows.length}
  }`,
}
