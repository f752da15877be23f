/**
 * The tile of Strassen's seven products (src/network/kernels/strassen.ts): all seven of some rows, one after the other, so that what is added
 * up of them is at hand. Two sums of a tile wait at `sums` meanwhile.
 */
import { tileSumsBytes } from '../../src/network/plan/commands.ts'
import { each, eachSum, finish, sumPairs, type Tile } from './tile-parts.ts'

/**
 * With products 0 to 6 in the order in which operands and panels lie, the four quarters of what the layer gives are, above left,
 * 0 + 1; below left, (0 + 2) + 3 + 4; below right, (0 + 2) + 3 + 5; above right, (0 + 2) + 5 + 6. `half` bytes lie between left and right.
 */
export const strassenTile: Tile = {
  name: 'sevenProducts',
  fields: {
    ...{ groups: 'i32', a: 'usize', aBytes: 'usize', operandBytes: 'usize', weights: 'usize' },
    ...{ pairs: 'i32', sums: 'usize', scale: 'usize', step: 'f32', bias: 'usize' },
    ...{ slopes: 'usize', isGentle: 'bool', half: 'usize', residualAbove: 'usize' },
    ...{ residualBelow: 'usize', above: 'usize', below: 'usize', outputBytes: 'usize' },
    most: 'usize',
  },
  body: (rows) => `
  const others = sums + ${tileSumsBytes}
  const skip = operandBytes - (<usize>pairs << 2)
  for (let group = 0; group < groups; group++) {
    let weight = weights
${each(rows, (row) => `let a${row} = a + aBytes * ${row}`)}
${eachSum(rows, (sum) => `let ${sum} = i32x4.splat(0)`)}
    for (let i = 0; i < 7; i++) {
${sumPairs(rows)}
${each(rows, (row) => `a${row} += skip`)}
      if (i === 0 || i === 3) {
${eachSum(rows, (sum, offset) => `v128.store(sums, ${sum}, ${offset})`)}
        continue
      }
      if (i === 2) {
${eachSum(rows, (sum, offset) => `v128.store(others, ${sum}, ${offset})`)}
        continue
      }
      if (i === 5) {
${eachSum(rows, (sum, offset) => `v128.store(others, i32x4.add(${sum}, v128.load(others, ${offset})), ${offset})`)}
${eachSum(rows, (sum, offset) => `${sum} = i32x4.add(${sum}, v128.load(sums, ${offset}))`)}
      }
      const isAbove = i === 1 || i === 6
      const at: usize = i < 5 ? 0 : half
      const output = (isAbove ? above : below) + at
      const residuals = isAbove ? residualAbove : residualBelow
      const residual = residuals ? residuals + at : 0
      const scales = scale + at, biases = bias + at, slopesThere = slopes + at
${finish(rows, {
  scale: 'scales',
  bias: 'biases',
  slopes: 'slopesThere',
  residual: 'residual',
  residualBytes: 'outputBytes',
})}
      if (i === 1) {
${eachSum(rows, (sum, offset) => `${sum} = v128.load(sums, ${offset})`)}
      } else if (i === 4) {
${eachSum(rows, (sum) => `${sum} = i32x4.splat(0)`)}
      } else if (i === 5) {
${eachSum(rows, (sum, offset) => `${sum} = v128.load(others, ${offset})`)}
      }
    }
    a += aBytes * ${rows.length}
    above += outputBytes * ${rows.length}
    below += outputBytes * ${rows.length}
    if (residualAbove) {
      residualAbove += outputBytes * ${rows.length}
      residualBelow += outputBytes * ${rows.length}
    }
  }`,
}
