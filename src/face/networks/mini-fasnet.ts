/**
 * The liveness networks as tables: MiniFASNet V2 and V1SE of Minivision, 80x80 BGR of a face and its surroundings -> 3 logits, the
 * second of which stands for a live face. Both are the same blocks with other widths; V1SE gates the last unit of each size.
 * docs/liveness.md says what is known of them and what was measured. Never bundled unless they were packed on purpose. 41 million
 * multiply-adds each.
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

/** Units at one size, each added to what went in; where there are gates, the last one's output is gated per channel before that. */
function residual(
  name: string,
  from: string,
  channels: number,
  middles: readonly number[],
  gates: boolean,
): Layer[] {
  return middles.flatMap((middle, i) => {
    const before = i === 0 ? from : `${name}_${i - 1}`
    const own = `${name}_${i}`
    const gated = gates && i === middles.length - 1
    const out = `${own}_project`
    return [
      ...unit(own, { in: channels, middle, out: channels }, 1),
      ...(gated ? gate(own, out, channels) : []),
      { op: 'add', name: own, from: [before, gated ? `${own}_gate` : out], activation: 'linear' },
    ]
  })
}

function gate(name: string, picture: string, channels: number): Layer[] {
  const squeezed = channels / 4
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

/** Channels inside the units at 20x20 and at 10x10; those at 5x5 have 26. */
interface Widths {
  readonly block3: readonly number[]
  readonly block4: readonly number[]
  readonly gates: boolean
}

function tableOf(name: string, { block3, block4, gates }: Widths): NetworkTable {
  return {
    name,
    input: { size: 80, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1, order: 'bgr' },
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
      ...residual('block3', 'down3_project', 64, block3, gates),
      ...unit('down4', { in: 64, middle: 231, out: 128 }, 2),
      ...residual('block4', 'down4_project', 128, block4, gates),
      ...unit('down5', { in: 128, middle: 308, out: 128 }, 2),
      ...residual('block5', 'down5_project', 128, [26, 26], gates),
      point('conv6', 128, 512),
      slopes('conv6', 512),
      {
        op: 'depthwise',
        name: 'conv7',
        channels: 512,
        kernel: [5, 5],
        stride: 1,
        padding: 'valid',
        bias: true,
      },
      { op: 'flatten', name: 'flat' },
      { op: 'dense', name: 'features', in: 512, out: 128, bias: true },
      { op: 'dense', name: 'logits', in: 128, out: 3, bias: false },
    ],
  }
}

export const miniFasnetV2 = tableOf('mini-fasnet-v2', {
  block3: [13, 13, 13, 13],
  block4: [231, 52, 26, 77, 26, 26],
  gates: false,
})

export const miniFasnetV1Se = tableOf('mini-fasnet-v1se', {
  block3: [13, 26, 13, 52],
  block4: [154, 52, 26, 52, 26, 26],
  gates: true,
})
