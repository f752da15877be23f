/** A network with every layer that can be trained, small enough for exact checks: 12x12 RGB -> 8 numbers of length 1. */
import type { Layer, NetworkTable } from '../../../src/network/table.ts'

function conv(name: string, channels: number, out: number, more: object = {}): Layer {
  return {
    op: 'conv',
    name,
    in: channels,
    out,
    kernel: [3, 3],
    stride: 1,
    padding: 1,
    norm: { kind: 'batchNorm', name: `${name}_bn`, epsilon: 1e-5 },
    activation: 'relu',
    ...more,
  } as Layer
}

export const tinyNetwork: NetworkTable = {
  name: 'tiny',
  input: { size: 12, sizeIs: 'exact', mean: [128, 128, 128], divisor: 128 },
  layers: [
    conv('first', 3, 8, { stride: 2 }),
    { op: 'localResponseNorm', name: 'lrn', window: 5, alpha: 0.1, beta: 0.75, k: 1 },
    { op: 'maxPool', name: 'pool', size: 3, stride: 1, padding: 1 },
    conv('left', 8, 8, { kernel: [1, 1], padding: 0 }),
    { op: 'l2Pool', name: 'middle', from: 'pool', size: 3, stride: 3 },
    { op: 'surroundWithZeros', name: 'middle_wide', before: 2, after: 2 },
    { op: 'avgPool', name: 'right', from: 'pool', size: 3, stride: 1, padding: 'valid' },
    { op: 'surroundWithZeros', name: 'right_wide', before: 1, after: 1 },
    { op: 'concat', name: 'block', from: ['left', 'middle_wide', 'right_wide'] },
    conv('scaled', 24, 8, { norm: { kind: 'scale', name: 'scaled_scale' }, activation: 'linear' }),
    conv('bare', 24, 8, { from: 'block', norm: undefined }),
    { op: 'add', name: 'sum', from: ['scaled', 'bare'], activation: 'relu' },
    { op: 'appendZeros', name: 'wide', rows: 1, columns: 1, channels: 2 },
    conv('last', 10, 16, { stride: 2 }),
    { op: 'globalAverage', name: 'average' },
    { op: 'flatten', name: 'flat' },
    { op: 'dense', name: 'dense', in: 16, out: 8, bias: true },
    { op: 'l2Normalise', name: 'unit' },
  ],
}
