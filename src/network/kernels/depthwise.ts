/** AssemblyScript: a convolution with one filter a channel, in float32, products summed in the order of the filter's places. */
import {
  depthwise_bias,
  depthwise_channels,
  depthwise_height,
  depthwise_kernelHeight,
  depthwise_kernelWidth,
  depthwise_left,
  depthwise_outHeight,
  depthwise_output,
  depthwise_outWidth,
  depthwise_slopes,
  depthwise_stride,
  depthwise_top,
  depthwise_weights,
  depthwise_width,
  depthwise_x,
} from '../../../build/kernels/generated/commands'
import { activated } from './epilogue'

export function depthwise(command: usize): void {
  const height = depthwise_height(command)
  const width = depthwise_width(command)
  const kernelHeight = depthwise_kernelHeight(command)
  const kernelWidth = depthwise_kernelWidth(command)
  const stride = depthwise_stride(command)
  const pixel = <usize>depthwise_channels(command) << 2
  const x = <usize>depthwise_x(command)
  const weights = <usize>depthwise_weights(command)
  const bias = <usize>depthwise_bias(command)
  const slopes = <usize>depthwise_slopes(command)
  const outHeight = depthwise_outHeight(command)
  const outWidth = depthwise_outWidth(command)
  let output = <usize>depthwise_output(command)
  for (let i = 0; i < outHeight; i++) {
    const top = i * stride - depthwise_top(command)
    const fromRow = max(0, -top)
    const toRow = min(kernelHeight, height - top)
    for (let j = 0; j < outWidth; j++) {
      const left = j * stride - depthwise_left(command)
      const fromColumn = max(0, -left)
      const toColumn = min(kernelWidth, width - left)
      for (let c: usize = 0; c < pixel; c += 16) {
        let sum = v128.load(bias + c)
        for (let row = fromRow; row < toRow; row++) {
          let from = x + <usize>((top + row) * width + left + fromColumn) * pixel + c
          let weight = weights + <usize>(row * kernelWidth + fromColumn) * pixel + c
          for (let column = fromColumn; column < toColumn; column++) {
            sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load(weight)))
            from += pixel
            weight += pixel
          }
        }
        v128.store(output + c, activated(sum, v128.load(slopes + c)))
      }
      output += pixel
    }
  }
}
