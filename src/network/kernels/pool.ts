/** AssemblyScript: windows of a picture to one number a channel: the largest, the mean, or the root of the sum of squares. */
import {
  averagePool_channels,
  averagePool_height,
  averagePool_left,
  averagePool_most,
  averagePool_outHeight,
  averagePool_output,
  averagePool_outWidth,
  averagePool_size,
  averagePool_stride,
  averagePool_top,
  averagePool_width,
  averagePool_x,
} from '../../../build/kernels/generated/commands'
import { larger, signless } from './epilogue'

const largest: i32 = 0
const mean: i32 = 1
const rootOfSquares: i32 = 2

export function maxPool(command: usize): void {
  pool(command, largest)
}

export function averagePool(command: usize): void {
  pool(command, mean)
}

export function squarePool(command: usize): void {
  pool(command, rootOfSquares)
}

/** The fields of all three commands lie in the same places. What is outside the picture does not count. */
// @ts-expect-error: decorator
@inline
function pool(command: usize, kind: i32): void {
  const height = averagePool_height(command)
  const width = averagePool_width(command)
  const size = averagePool_size(command)
  const stride = averagePool_stride(command)
  const pixel = <usize>averagePool_channels(command) << 2
  const x = <usize>averagePool_x(command)
  const outHeight = averagePool_outHeight(command)
  const outWidth = averagePool_outWidth(command)
  let output = <usize>averagePool_output(command)
  let most = i32x4.splat(0)
  const mask = signless(v128.load(x))
  for (let i = 0; i < outHeight; i++) {
    const top = i * stride - averagePool_top(command)
    const fromRow = max(0, top)
    const toRow = min(height, top + size)
    for (let j = 0; j < outWidth; j++) {
      const left = j * stride - averagePool_left(command)
      const fromColumn = max(0, left)
      const toColumn = min(width, left + size)
      const share = f32x4.splat(1 / <f32>((toRow - fromRow) * (toColumn - fromColumn)))
      for (let c: usize = 0; c < pixel; c += 16) {
        let sum = kind === largest ? f32x4.splat(-Infinity) : f32x4.splat(0)
        let unknown = i32x4.splat(0)
        for (let row = fromRow; row < toRow; row++) {
          let from = x + <usize>(row * width + fromColumn) * pixel + c
          for (let column = fromColumn; column < toColumn; column++) {
            const value = v128.load(from)
            if (kind === largest) {
              // pmax loses NaN; max would keep it, and takes eight instructions.
              sum = f32x4.pmax(sum, value)
              unknown = v128.or(unknown, f32x4.ne(value, value))
            } else sum = f32x4.add(sum, kind === mean ? value : f32x4.mul(value, value))
            from += pixel
          }
        }
        if (kind === largest) sum = v128.or(sum, unknown)
        if (kind === mean) sum = f32x4.mul(sum, share)
        if (kind === rootOfSquares) sum = f32x4.sqrt(sum)
        v128.store(output + c, sum)
        most = larger(most, sum, mask)
      }
      output += pixel
    }
  }
  v128.store(<usize>averagePool_most(command), most)
}
