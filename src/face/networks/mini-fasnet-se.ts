/**
 * A liveness network as a table: MiniFASNet with squeeze and excitation, pruned to odd numbers of channels, 128x128 BGR of a
 * face and its surroundings -> 3 logits, the first of which stands for a live face. It is `fr_liveness.onnx` of the npm
 * package faceplugin-face-recognition-js 0.0.1; docs/liveness.md says what is known of it and what was measured. Never
 * bundled unless it was packed on purpose. 104 million multiply-adds.
 */
import { depthwise, point, slopes } from '../../network/separable.ts'
import type { Layer, NetworkTable } from '../../network/table.ts'

interface Unit {
  readonly in: number
  /** Channels between the two 1x1 convolutions. */
  readonly middle: number
  readonly out: number
}

/** 1x1 that widens, 3x3 per channel, 1x1 that narrows; no activation behind the last. */
function unit(name: string, { in: channelsIn, middle, out }: Unit, stride: 1 | 2): Layer[] {
  return [
    point(`${name}_expand`, channelsIn, middle),
    slopes(`${name}_expand`, middle),
    depthwise(`${name}_depthwise`, middle, stride),
    slopes(`${name}_depthwise`, middle),
    point(`${name}_project`, middle, out),
  ]
}

/**
 * Units at one size, each added to what went in; the last one's output is gated per channel before that.
 *
 * @param from output that the first unit reads
 * @param squeezed channels between the two dense layers of the gate, 0 for no gate
 */
function residual(
  name: string,
  from: string,
  channels: number,
  middles: readonly number[],
  squeezed: number,
): Layer[] {
  return middles.flatMap((middle, i) => {
    const before = i === 0 ? from : `${name}_${i - 1}`
    const own = `${name}_${i}`
    const gated = squeezed > 0 && i === middles.length - 1
    const out = `${own}_project`
    return [
      ...unit(own, { in: channels, middle, out: channels }, 1),
      ...(gated ? gate(own, out, channels, squeezed) : []),
      { op: 'add', name: own, from: [before, gated ? `${own}_gate` : out], activation: 'linear' },
    ]
  })
}

function gate(name: string, picture: string, channels: number, squeezed: number): Layer[] {
  const squeeze = `${name}_squeeze`
  const excite = `${name}_excite`
  return [
    { op: 'globalAverage', name: `${name}_average` },
    { op: 'dense', name: squeeze, in: channels, out: squeezed, bias: true },
    { op: 'relu', name: `${squeeze}_relu` },
    { op: 'dense', name: excite, in: squeezed, out: channels, bias: true },
    { op: 'gate', name: `${name}_gate`, from: [picture, excite] },
  ]
}

export const miniFasnetSe: NetworkTable = {
  name: 'mini-fasnet-se',
  input: { size: 128, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1, order: 'bgr' },
  layers: [
    {
      op: 'conv',
      name: 'conv1',
      in: 3,
      out: 32,
      kernel: [3, 3],
      stride: 2,
      padding: 1,
      activation: 'linear',
    },
    slopes('conv1', 32),
    depthwise('conv2', 32, 1),
    slopes('conv2', 32),
    ...unit('down3', { in: 32, middle: 103, out: 64 }, 2),
    ...residual('block3', 'down3_project', 64, [13, 13, 13, 13], 16),
    ...unit('down4', { in: 64, middle: 231, out: 128 }, 2),
    ...residual('block4', 'down4_project', 128, [231, 52, 26, 77, 26, 26], 32),
    ...unit('down5', { in: 128, middle: 308, out: 128 }, 2),
    ...residual('block5', 'down5_project', 128, [26, 26], 32),
    point('conv6', 128, 512),
    slopes('conv6', 512),
    {
      op: 'depthwise',
      name: 'conv7',
      channels: 512,
      kernel: [8, 8],
      stride: 1,
      padding: 'valid',
      bias: true,
    },
    {
      op: 'conv',
      name: 'features',
      in: 512,
      out: 128,
      kernel: [1, 1],
      stride: 1,
      padding: 'valid',
      norm: { kind: 'batchNorm', name: 'features_bn', epsilon: 1e-5 },
      activation: 'linear',
    },
    { op: 'flatten', name: 'flat' },
    { op: 'dense', name: 'logits', in: 128, out: 3, bias: false },
  ],
}
