/**
 * The convolution that the networks run on: a tfjs kernel of our own on the WASM backend's heap, one pass for
 * convolution, bias and activation (kernels/conv.ts). XNNPACK, which stands behind tf.fused.conv2d, keeps a rearranged
 * copy of every filter, twice its size, beside the filter itself, and knows no fused multiply-add. Here the filter is
 * rearranged before it is loaded, and there is one copy.
 */

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { Activation, ConvLayer, Padding } from './table.ts'

/** Output channels that one block of a packed filter holds; their number must be a multiple of it. */
export const channelsPerBlock = 8

const kernelName = 'PackedConv2D'
const activationCode: Readonly<Record<Activation, number>> = { linear: 0, relu: 1, leakyRelu: 2 }

/** The exports of build/kernels/kernels.wasm; arguments are documented there. */
interface ConvExports {
  conv(...args: number[]): void
  pad(...args: number[]): void
}

/** Makes the kernel known to tfjs. */
export function registerPackedConv(kernels: WebAssembly.Exports): void {
  const { conv, pad } = kernels as unknown as ConvExports
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run({ conv, pad }, backend as BackendWasm, inputs, attrs as unknown as ConvLayer),
  })
}

/**
 * @param filter [height, width, in, out], `out` a multiple of channelsPerBlock
 * @returns [out / 8, height, width, in, 8]
 */
export function packFilter(filter: Float32Array, out: number): Float32Array {
  const places = filter.length / out
  const packed = new Float32Array(filter.length)
  let to = 0
  for (let block = 0; block < out; block += channelsPerBlock) {
    for (let place = 0; place < places; place++) {
      const from = place * out + block
      packed.set(filter.subarray(from, from + channelsPerBlock), to)
      to += channelsPerBlock
    }
  }
  return packed
}

/**
 * @param x [batch, height, width, in]
 * @param filter as packFilter gives it
 * @param bias [out]
 */
export function packedConv(
  x: tf.Tensor4D,
  filter: tf.Tensor,
  bias: tf.Tensor1D,
  layer: ConvLayer,
): tf.Tensor {
  return tf.engine().runKernel(kernelName, { x, filter, bias }, { ...layer })
}

function run(
  { conv, pad }: ConvExports,
  backend: BackendWasm,
  { x, filter, bias }: tf.NamedTensorInfoMap,
  { kernel, in: channels, out, stride, padding, activation }: ConvLayer,
): tf.TensorInfo {
  const [batch, height, width] = x!.shape as [number, number, number]
  const [kernelHeight, kernelWidth] = kernel
  const rows = paddingOf(padding, height, kernelHeight, stride)
  const columns = paddingOf(padding, width, kernelWidth, stride)
  const paddedHeight = rows.before + height + rows.after
  const paddedWidth = columns.before + width + columns.after
  const outHeight = Math.floor((paddedHeight - kernelHeight) / stride) + 1
  const outWidth = Math.floor((paddedWidth - kernelWidth) / stride) + 1
  const output = backend.makeOutput([batch, outHeight, outWidth, out], 'float32')
  const address = (tensor: tf.TensorInfo): number =>
    backend.dataIdMap.get(tensor.dataId).memoryOffset
  const isPadded = paddedHeight > height || paddedWidth > width
  const paddedBytes = isPadded ? paddedHeight * paddedWidth * channels * 4 : 0
  const scratch = backend.wasm._malloc(paddedBytes + outHeight * outWidth * 4)
  if (scratch === 0) throw new Error('the WASM heap has no room for a convolution')
  for (let picture = 0; picture < batch; picture++) {
    const from = address(x!) + picture * height * width * channels * 4
    if (isPadded) {
      pad(
        from,
        scratch,
        height,
        width * channels * 4,
        rows.before,
        rows.after,
        columns.before * channels * 4,
        columns.after * channels * 4,
      )
    }
    conv(
      isPadded ? scratch : from,
      address(filter!),
      address(bias!),
      address(output) + picture * outHeight * outWidth * out * 4,
      scratch + paddedBytes,
      paddedWidth,
      channels,
      outHeight,
      outWidth,
      out / channelsPerBlock,
      stride,
      kernelHeight,
      kernelWidth * channels,
      activationCode[activation],
    )
  }
  backend.wasm._free(scratch)
  return output
}

/** Zeros before and after the picture on one axis; 'same' as TensorFlow has it, the odd one after. */
function paddingOf(
  padding: Padding,
  size: number,
  kernelSize: number,
  stride: number,
): { before: number; after: number } {
  if (padding === 'valid') return { before: 0, after: 0 }
  if (typeof padding === 'number') return { before: padding, after: padding }
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernelSize - size)
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) }
}
