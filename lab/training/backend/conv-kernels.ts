/**
 * The three passes of a convolution for training on tfjs's WASM backend: forward, gradient of the input, gradient of the
 * filter. tfjs has no filter gradient there at all, and the other two are slow or keep copies of filters that change
 * with every step. Registered under tfjs's own names, so that `tf.conv2d` and its gradient run on them.
 */

import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { addressOf, type TrainExports, withScratch } from './heap.ts'

/** Output channels that one block of a packed filter holds (kernels/arrange.ts). */
const lanes = 8

type ConvInfo = tf.backend_util.Conv2DInfo
type Quad = [number, number, number, number]

/** Attributes as tfjs's ops hand them over; only what the networks use is taken. */
interface ConvAttrs {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dataFormat: string
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

export function registerConvKernels(kernels: TrainExports): void {
  const replace = (
    kernelName: string,
    run: (backend: BackendWasm, inputs: tf.NamedTensorInfoMap, attrs: never) => tf.TensorInfo,
  ): void => {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) =>
        run(backend as BackendWasm, inputs, attrs as never),
    })
  }
  replace('Conv2D', (backend, { x, filter }, attrs: ConvAttrs) => {
    const info = convInfo(x!.shape as Quad, filter!.shape as Quad, attrs)
    return convolve(kernels, backend, x!, filter!, info)
  })
  replace(
    'Conv2DBackpropInput',
    (backend, { dy, filter }, attrs: ConvAttrs & { inputShape: Quad }) => {
      const info = convInfo(attrs.inputShape, filter!.shape as Quad, attrs)
      return inputGradient(kernels, backend, dy!, filter!, info)
    },
  )
  replace(
    'Conv2DBackpropFilter',
    (backend, { x, dy }, attrs: ConvAttrs & { filterShape: Quad }) => {
      const info = convInfo(x!.shape as Quad, attrs.filterShape, attrs)
      return filterGradient(kernels, backend, x!, dy!, info)
    },
  )
}

function convInfo(input: Quad, filter: Quad, attrs: ConvAttrs): ConvInfo {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attrs
  const info = tf.backend_util.computeConv2DInfo(
    input,
    filter,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat as 'NHWC'),
  )
  const plain =
    info.dataFormat === 'channelsLast' &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1 &&
    info.strideHeight === info.strideWidth
  if (!plain) {
    throw new Error('training convolves NHWC without dilation and with one stride for both axes')
  }
  return info
}

function convolve(
  kernels: TrainExports,
  backend: BackendWasm,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: ConvInfo,
): tf.TensorInfo {
  const output = backend.makeOutput(info.outShape, 'float32')
  const rows = info.filterHeight * info.filterWidth * info.inChannels
  const blocks = Math.ceil(info.outChannels / lanes)
  withPadded(kernels, backend, x, info, (starts, rowBytes) => {
    withScratch(backend, rows * blocks * lanes * 4, (packed) => {
      kernels.pack(addressOf(backend, filter), packed, rows, info.outChannels)
      intoChannels(kernels, backend, output, blocks, (to) => {
        kernels.convolve(
          starts,
          packed,
          to,
          pixelsOf(info),
          rowBytes,
          info.filterHeight,
          info.filterWidth * info.inChannels,
          blocks,
        )
      })
    })
  })
  return output
}

/** The gradients, spread out by the stride, convolved with the turned filter. */
function inputGradient(
  kernels: TrainExports,
  backend: BackendWasm,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: ConvInfo,
): tf.TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth } = info
  const output = backend.makeOutput(info.inShape, 'float32')
  const top = filterHeight - 1 - info.padInfo.top
  const left = filterWidth - 1 - info.padInfo.left
  if (top < 0 || left < 0) throw new Error('training pads by less than the size of the kernel')
  const height = inHeight + filterHeight - 1
  const width = inWidth + filterWidth - 1
  const blocks = Math.ceil(inChannels / lanes)
  const places = filterHeight * filterWidth
  const pixels = batchSize * inHeight * inWidth
  const pictureBytes = batchSize * height * width * outChannels * 4
  const filterBytes = places * outChannels * blocks * lanes * 4
  withScratch(backend, pictureBytes + filterBytes + pixels * 4, (picture) => {
    const packed = picture + pictureBytes
    const starts = packed + filterBytes
    kernels.place(
      addressOf(backend, dy),
      picture,
      batchSize,
      info.outHeight,
      info.outWidth,
      outChannels,
      top,
      left,
      height,
      width,
      info.strideHeight,
    )
    kernels.findStarts(starts, picture, batchSize, height, width, outChannels, inHeight, inWidth, 1)
    kernels.packTurned(addressOf(backend, filter), packed, places, inChannels, outChannels)
    intoChannels(kernels, backend, output, blocks, (to) => {
      kernels.convolve(
        starts,
        packed,
        to,
        pixels,
        width * outChannels * 4,
        filterHeight,
        filterWidth * outChannels,
        blocks,
      )
    })
  })
  return output
}

function filterGradient(
  kernels: TrainExports,
  backend: BackendWasm,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  info: ConvInfo,
): tf.TensorInfo {
  const output = backend.makeOutput(info.filterShape, 'float32')
  const pixels = pixelsOf(info)
  const blocks = Math.ceil(info.outChannels / lanes)
  withPadded(kernels, backend, x, info, (starts, rowBytes) => {
    withScratch(backend, pixels * blocks * lanes * 4, (packed) => {
      kernels.pack(addressOf(backend, dy), packed, pixels, info.outChannels)
      intoChannels(kernels, backend, output, blocks, (to) => {
        kernels.filterGradient(
          starts,
          packed,
          to,
          pixels,
          rowBytes,
          info.filterHeight,
          info.filterWidth * info.inChannels,
          blocks,
        )
      })
    })
  })
  return output
}

function pixelsOf({ batchSize, outHeight, outWidth }: ConvInfo): number {
  return batchSize * outHeight * outWidth
}

/** Runs `use` with the addresses where the pixels of the padded input start, and the bytes of its rows. */
function withPadded(
  kernels: TrainExports,
  backend: BackendWasm,
  x: tf.TensorInfo,
  info: ConvInfo,
  use: (starts: number, rowBytes: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info
  const height = padInfo.top + inHeight + padInfo.bottom
  const width = padInfo.left + inWidth + padInfo.right
  const isPadded = height > inHeight || width > inWidth
  const pictureBytes = isPadded ? batchSize * height * width * inChannels * 4 : 0
  withScratch(backend, pictureBytes + pixelsOf(info) * 4, (scratch) => {
    const starts = scratch + pictureBytes
    const from = addressOf(backend, x)
    const { top, left } = padInfo
    if (isPadded) {
      kernels.place(
        from,
        scratch,
        batchSize,
        inHeight,
        inWidth,
        inChannels,
        top,
        left,
        height,
        width,
        1,
      )
    }
    const picture = isPadded ? scratch : from
    kernels.findStarts(
      starts,
      picture,
      batchSize,
      height,
      width,
      inChannels,
      outHeight,
      outWidth,
      info.strideHeight,
    )
    use(starts, width * inChannels * 4)
  })
}

/** The kernels write whole blocks of channels; what is beyond the last channel is dropped. */
function intoChannels(
  kernels: TrainExports,
  backend: BackendWasm,
  output: tf.TensorInfo,
  blocks: number,
  write: (to: number) => void,
): void {
  const channels = output.shape.at(-1)!
  const wide = blocks * lanes
  if (channels === wide) {
    write(addressOf(backend, output))
    return
  }
  const rows = output.shape.reduce((product, side) => product * side, 1) / channels
  withScratch(backend, rows * wide * 4, (scratch) => {
    write(scratch)
    kernels.narrow(scratch, addressOf(backend, output), rows, wide, channels)
  })
}
