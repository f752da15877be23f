/**
 * dlib's face recognition network as a table: a ResNet with 29 convolutions, 150x150 RGB -> 128 numbers, trained with
 * a metric loss so that the L2 distance tells people apart (Davis King, dlib_face_recognition_resnet_model_v1, public
 * domain; dnn_face_recognition_ex.cpp). 271 million multiply-adds.
 */
import type { Layer, NetworkTable } from '../network/table.ts'

function conv(
  name: string,
  channelsIn: number,
  channelsOut: number,
  stride: 1 | 2,
  relu: boolean,
): Layer {
  return {
    op: 'conv',
    name,
    in: channelsIn,
    out: channelsOut,
    kernel: [3, 3],
    stride,
    padding: stride === 1 ? 'same' : 'valid',
    norm: { kind: 'scale', name: `${name}_scale` },
    activation: relu ? 'relu' : 'linear',
  }
}

/** Two convolutions and the way round them. */
function residual(name: string, input: string, channels: number): Layer[] {
  return [
    { ...conv(`${name}_conv1`, channels, channels, 1, true), from: input } as Layer,
    conv(`${name}_conv2`, channels, channels, 1, false),
    { op: 'add', name, from: [`${name}_conv2`, input], activation: 'relu' },
  ]
}

/**
 * The same at half the size: the way round is averaged, and given zeros for the channels that it lacks. Where the
 * input is even the averaged map is a row and a column larger than the convolved one, which then is given zeros.
 */
function residualDown(
  name: string,
  input: string,
  channelsIn: number,
  channelsOut: number,
  evenInput: boolean,
): Layer[] {
  const convolved = evenInput ? `${name}_wide` : `${name}_conv2`
  const shortcut = channelsOut > channelsIn ? `${name}_deep` : `${name}_pool`
  return [
    { ...conv(`${name}_conv1`, channelsIn, channelsOut, 2, true), from: input } as Layer,
    conv(`${name}_conv2`, channelsOut, channelsOut, 1, false),
    ...(evenInput
      ? [{ op: 'appendZeros', name: convolved, rows: 1, columns: 1, channels: 0 } as const]
      : []),
    { op: 'avgPool', name: `${name}_pool`, from: input, size: 2, stride: 2, padding: 'valid' },
    ...(channelsOut > channelsIn
      ? [
          {
            op: 'appendZeros',
            name: shortcut,
            rows: 0,
            columns: 0,
            channels: channelsOut - channelsIn,
          } as const,
        ]
      : []),
    { op: 'add', name, from: [convolved, shortcut], activation: 'relu' },
  ]
}

export const dlibResnet: NetworkTable = {
  name: 'dlib-resnet',
  input: { size: 150, sizeIs: 'exact', mean: [122.782, 117.001, 104.298], divisor: 255 },
  layers: [
    // 150 -> 72 -> 35
    {
      op: 'conv',
      name: 'conv32_down',
      in: 3,
      out: 32,
      kernel: [7, 7],
      stride: 2,
      padding: 'valid',
      norm: { kind: 'scale', name: 'conv32_down_scale' },
      activation: 'relu',
    },
    { op: 'maxPool', name: 'pool', size: 3, stride: 2, padding: 'valid' },
    ...residual('conv32_1', 'pool', 32),
    ...residual('conv32_2', 'conv32_1', 32),
    ...residual('conv32_3', 'conv32_2', 32),
    // 35 -> 17
    ...residualDown('conv64_down', 'conv32_3', 32, 64, false),
    ...residual('conv64_1', 'conv64_down', 64),
    ...residual('conv64_2', 'conv64_1', 64),
    ...residual('conv64_3', 'conv64_2', 64),
    // 17 -> 8
    ...residualDown('conv128_down', 'conv64_3', 64, 128, false),
    ...residual('conv128_1', 'conv128_down', 128),
    ...residual('conv128_2', 'conv128_1', 128),
    // 8 -> 4 -> 2
    ...residualDown('conv256_down', 'conv128_2', 128, 256, true),
    ...residual('conv256_1', 'conv256_down', 256),
    ...residual('conv256_2', 'conv256_1', 256),
    ...residualDown('conv256_down_out', 'conv256_2', 256, 256, true),
    { op: 'globalAverage', name: 'average' },
    { op: 'dense', name: 'fc', in: 256, out: 128, bias: false },
  ],
}
