/**
 * face-api.js's 68-point landmark network as a table: four densely connected blocks of separable convolutions, 112x112
 * RGB of a face -> 68 points [x, y] in 0..1 of the input (justadudewhohacks/face-api.js, src/faceLandmarkNet, MIT).
 * 52 million multiply-adds.
 */
import type { Layer, NetworkTable } from '../../network/table.ts'

function separable(
  name: string,
  channelsIn: number,
  channelsOut: number,
  stride: 1 | 2,
  from?: string,
): Layer[] {
  return [
    {
      op: 'depthwise',
      name: `${name}_depthwise`,
      channels: channelsIn,
      kernel: [3, 3],
      stride,
      padding: 'same',
      ...(from ? { from } : {}),
    },
    {
      op: 'conv',
      name,
      in: channelsIn,
      out: channelsOut,
      kernel: [1, 1],
      stride: 1,
      padding: 'same',
      // conv0's output is only ever used after relu; the others are summed first.
      activation: name.endsWith('conv0') ? 'relu' : 'linear',
    },
  ]
}

/** Every convolution but the first sees the relu of the sum of all outputs before it. */
function dense(name: string, channels: number): Layer[] {
  const conv = (index: number): string => `${name}_conv${index}`
  const sum = (index: number, last: string): Layer => ({
    op: 'add',
    name: last,
    from: Array.from({ length: index + 1 }, (_, output) => conv(output)),
    activation: 'relu',
  })
  return [
    ...separable(conv(1), channels, channels, 1, conv(0)),
    sum(1, `${name}_sum1`),
    ...separable(conv(2), channels, channels, 1),
    sum(2, `${name}_sum2`),
    ...separable(conv(3), channels, channels, 1),
    sum(3, name),
  ]
}

export const faceLandmark68: NetworkTable = {
  name: 'face-landmark-68',
  input: { size: 112, sizeIs: 'exact', mean: [122.782, 117.001, 104.298], divisor: 255 },
  layers: [
    {
      op: 'conv',
      name: 'dense0_conv0',
      in: 3,
      out: 32,
      kernel: [3, 3],
      stride: 2,
      padding: 'same',
      activation: 'relu',
    },
    ...dense('dense0', 32),
    ...separable('dense1_conv0', 32, 64, 2),
    ...dense('dense1', 64),
    ...separable('dense2_conv0', 64, 128, 2),
    ...dense('dense2', 128),
    ...separable('dense3_conv0', 128, 256, 2),
    ...dense('dense3', 256),
    { op: 'avgPool', name: 'average', size: 7, stride: 2, padding: 'valid' },
    { op: 'flatten', name: 'features' },
    { op: 'dense', name: 'fc', in: 256, out: 136, bias: true },
  ],
}
