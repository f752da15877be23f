/**
 * Intel's face-reidentification-retail-0095 as a table: inverted residual blocks with PReLU and squeeze-and-excitation, 128x128
 * BGR -> 256 numbers that are compared by their direction (Open Model Zoo, Apache-2.0). Its weights are no part of the
 * project; `npm run encoder` fetches them. 294 million multiply-adds.
 */
import { depthwise, point, slopes } from '../network/separable.ts'
import type { Layer, NetworkTable } from '../network/table.ts'

/** 1x1 that widens, 3x3 per channel, 1x1 that narrows, and a gate per channel. Its output is called `<name>_gate`. */
function block(
  name: string,
  [channelsIn, middle, channelsOut]: readonly [number, number, number],
  { stride, squeezed }: { readonly stride: 1 | 2; readonly squeezed: number },
): Layer[] {
  return [
    point(`${name}_widen`, channelsIn, middle),
    slopes(`${name}_widen`, middle),
    depthwise(`${name}_depthwise`, middle, stride),
    slopes(`${name}_depthwise`, middle),
    point(`${name}_narrow`, middle, channelsOut),
    { op: 'globalAverage', name: `${name}_average` },
    { op: 'dense', name: `${name}_squeeze`, in: channelsOut, out: squeezed, bias: true },
    slopes(`${name}_squeeze`, squeezed),
    { op: 'dense', name: `${name}_excite`, in: squeezed, out: channelsOut, bias: true },
    { op: 'gate', name: `${name}_gate`, from: [`${name}_narrow`, `${name}_excite`] },
  ]
}

/** Blocks at one size, each added to what went in. */
function residuals(
  stage: string,
  from: string,
  channels: number,
  { count, squeezed }: { readonly count: number; readonly squeezed: number },
): Layer[] {
  return Array.from({ length: count }, (_, i): Layer[] => {
    const name = `${stage}_${i + 1}`
    const before = i === 0 ? from : `${stage}_${i}`
    const [first, ...others] = block(name, [channels, 2 * channels, channels], {
      stride: 1,
      squeezed,
    })
    return [
      { ...first, from: before } as Layer,
      ...others,
      { op: 'add', name, from: [before, `${name}_gate`], activation: 'linear' },
    ]
  }).flat()
}

/** What the encoding is made of, before the last layer. */
const features = 512

export const reid0095: NetworkTable = {
  name: 'reid-0095',
  input: {
    size: 128,
    sizeIs: 'exact',
    // As in the file, which also divides each colour by another number: that is in the filters of the first layer.
    mean: [
      1.5302734375 / 0.018646240234375,
      1.4453125 / 0.0213623046875,
      0.92626953125 / 0.014373779296875,
    ],
    divisor: 255,
    order: 'bgr',
  },
  layers: [
    // 128 -> 64
    {
      op: 'conv',
      name: 'stem',
      in: 3,
      out: 64,
      kernel: [3, 3],
      stride: 2,
      padding: 1,
      activation: 'linear',
    },
    slopes('stem', 64),
    depthwise('stem_depthwise', 64, 1),
    slopes('stem_depthwise', 64),
    // 64 -> 32
    ...block('down32', [64, 128, 64], { stride: 2, squeezed: 8 }),
    ...residuals('stage32', 'down32_gate', 64, { count: 4, squeezed: 8 }),
    // 32 -> 16
    ...block('down16', [64, 256, 128], { stride: 2, squeezed: 16 }),
    ...residuals('stage16', 'down16_gate', 128, { count: 6, squeezed: 16 }),
    // 16 -> 8
    ...block('down8', [128, 512, 128], { stride: 2, squeezed: 16 }),
    ...residuals('stage8', 'down8_gate', 128, { count: 2, squeezed: 16 }),
    // 8 -> 1
    point('features', 128, features),
    slopes('features', features),
    {
      op: 'depthwise',
      name: 'gather',
      channels: features,
      kernel: [8, 8],
      stride: 1,
      padding: 'valid',
      bias: true,
    },
    { op: 'flatten', name: 'flat' },
    { op: 'dense', name: 'embedding', in: features, out: 256, bias: false },
  ],
}
