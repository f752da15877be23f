/**
 * OpenFace's nn4.small2 as a table: FaceNet's NN4 made small, seven inception blocks, 96x96 RGB in 0..1 -> 128 numbers of
 * length 1 (cmusatyalab/openface, models/openface/nn4.small2.def.lua). The weights of the FaceNet exercise are its
 * weights, one CSV file a tensor. 200 million multiply-adds. docs/model.md says why there are two variants.
 */
import type { ConvLayer, Layer, NetworkTable } from '../network/table.ts'

/** What forward passes for the same weights do differently. */
interface Variant {
  readonly name: string
  /** Local response normalisation before `conv2` and after `conv3`. */
  readonly normalises: boolean
  /** Pooling of the blocks 3b, 4a and 5a. */
  readonly pooling: 'l2Pool' | 'avgPool'
  /** Of the first batch normalisation; all others have 1e-5. */
  readonly firstEpsilon: number
}

/** One block: branches side by side on one input, their channels concatenated in the order of the fields. */
interface Inception {
  readonly name: string
  /** Height and width of the input. */
  readonly side: number
  readonly in: number
  /** Of the convolutions behind the reducing ones; the block's output is smaller by as much. */
  readonly stride: 1 | 2
  /** 1 x 1 to `reduce` channels, then kernel x kernel to `out`. */
  readonly convs: readonly (readonly [kernel: 3 | 5, reduce: number, out: number])[]
  /** 3 x 3 of stride 2 (max) or 3 (the variant's pooling), then 1 x 1 to `out` channels, or none where it is null. */
  readonly pool: readonly [by: 'max' | 'variant', out: number | null]
  /** 1 x 1 to as many channels, or no such branch. */
  readonly point: number | null
}

const blocks: readonly Inception[] = [
  {
    name: '3a',
    side: 12,
    in: 192,
    stride: 1,
    convs: [
      [3, 96, 128],
      [5, 16, 32],
    ],
    pool: ['max', 32],
    point: 64,
  },
  {
    name: '3b',
    side: 12,
    in: 256,
    stride: 1,
    convs: [
      [3, 96, 128],
      [5, 32, 64],
    ],
    pool: ['variant', 64],
    point: 64,
  },
  {
    name: '3c',
    side: 12,
    in: 320,
    stride: 2,
    convs: [
      [3, 128, 256],
      [5, 32, 64],
    ],
    pool: ['max', null],
    point: null,
  },
  {
    name: '4a',
    side: 6,
    in: 640,
    stride: 1,
    convs: [
      [3, 96, 192],
      [5, 32, 64],
    ],
    pool: ['variant', 128],
    point: 256,
  },
  {
    name: '4e',
    side: 6,
    in: 640,
    stride: 2,
    convs: [
      [3, 160, 256],
      [5, 64, 128],
    ],
    pool: ['max', null],
    point: null,
  },
  {
    name: '5a',
    side: 3,
    in: 1024,
    stride: 1,
    convs: [[3, 96, 384]],
    pool: ['variant', 96],
    point: 256,
  },
  { name: '5b', side: 3, in: 736, stride: 1, convs: [[3, 96, 384]], pool: ['max', 96], point: 256 },
]

/** With batch normalisation and relu, padded so that stride 1 keeps the size. */
function conv(
  name: string,
  norm: string,
  channelsIn: number,
  channelsOut: number,
  { kernel = 1, stride = 1, epsilon = 1e-5 } = {},
): ConvLayer {
  return {
    op: 'conv',
    name,
    in: channelsIn,
    out: channelsOut,
    kernel: [kernel, kernel],
    stride,
    padding: (kernel - 1) / 2,
    norm: { kind: 'batchNorm', name: norm, epsilon },
    activation: 'relu',
  }
}

/** The layers of one block; the last one carries the block's name. */
function inception(block: Inception, from: string, pooling: Variant['pooling']): Layer[] {
  const name = `inception_${block.name}`
  const convs = block.convs.flatMap(([kernel, reduce, out]): Layer[] => {
    const branch = `${name}_${kernel}x${kernel}`
    return [
      { ...conv(`${branch}_conv1`, `${branch}_bn1`, block.in, reduce), from },
      conv(`${branch}_conv2`, `${branch}_bn2`, reduce, out, { kernel, stride: block.stride }),
    ]
  })
  const point = `${name}_1x1`
  return [
    ...convs,
    ...pooled(block, from, pooling),
    ...(block.point === null
      ? []
      : [{ ...conv(`${point}_conv`, `${point}_bn`, block.in, block.point), from }]),
    {
      op: 'concat',
      name,
      from: [
        ...block.convs.map(([kernel]) => `${name}_${kernel}x${kernel}_conv2`),
        `${name}_pool_wide`,
        ...(block.point === null ? [] : [`${point}_conv`]),
      ],
    },
  ]
}

/** The pooling branch: smaller than the others, so zeros go around it, the odd one below and right. */
function pooled(block: Inception, from: string, pooling: Variant['pooling']): Layer[] {
  const name = `inception_${block.name}_pool`
  const [by, out] = block.pool
  const isMax = by === 'max'
  const stride = isMax ? 2 : 3
  const lacking = block.side / block.stride - (Math.floor((block.side - 3) / stride) + 1)
  const before = Math.floor(lacking / 2)
  const window = { name, from, size: 3, stride } as const
  return [
    isMax || pooling === 'avgPool'
      ? { op: isMax ? 'maxPool' : 'avgPool', ...window, padding: 'valid' }
      : { op: 'l2Pool', ...window },
    ...(out === null ? [] : [conv(`${name}_conv`, `${name}_bn`, block.in, out)]),
    { op: 'surroundWithZeros', name: `${name}_wide`, before, after: lacking - before },
  ]
}

function nn4Small2({ name, normalises, pooling, firstEpsilon }: Variant): NetworkTable {
  const lrn = (layer: string): Layer[] =>
    normalises
      ? [{ op: 'localResponseNorm', name: layer, window: 5, alpha: 1e-4, beta: 0.75, k: 1 }]
      : []
  return {
    name,
    folder: 'nn4.small2',
    input: { size: 96, sizeIs: 'exact', mean: [0, 0, 0], divisor: 255 },
    layers: [
      // 96 -> 48 -> 24
      conv('conv1', 'bn1', 3, 64, { kernel: 7, stride: 2, epsilon: firstEpsilon }),
      { op: 'maxPool', name: 'pool1', size: 3, stride: 2, padding: 1 },
      ...lrn('norm1'),
      conv('conv2', 'bn2', 64, 64),
      conv('conv3', 'bn3', 64, 192, { kernel: 3 }),
      ...lrn('norm2'),
      // 24 -> 12, then by the blocks 12 -> 6 -> 3
      { op: 'maxPool', name: 'pool2', size: 3, stride: 2, padding: 1 },
      ...blocks.flatMap((block, i) => {
        const before = blocks[i - 1]
        return inception(block, before ? `inception_${before.name}` : 'pool2', pooling)
      }),
      { op: 'globalAverage', name: 'average' },
      { op: 'dense', name: 'dense', in: 736, out: 128, bias: true },
      { op: 'l2Normalise', name: 'unit' },
    ],
    // Copies of inception_5a_3x3_bn1_m and _v under a name that no layer has, in every set of these weights.
    unreadCsv: ['m', 'v'].map((suffix) => ({
      name: `inception_5a_3x3_conv2_${suffix}`,
      shape: [96],
    })),
  }
}

/** As the weights were trained: Torch's forward pass. */
export const nn4Small2OpenFace = nn4Small2({
  name: 'nn4.small2',
  normalises: true,
  pooling: 'l2Pool',
  firstEpsilon: 1e-5,
})

/** As the notebook of the FaceNet exercise runs them. */
export const nn4Small2Exercise = nn4Small2({
  name: 'nn4.small2-exercise',
  normalises: false,
  pooling: 'avgPool',
  firstEpsilon: 1e-3,
})

export const nn4Small2Variants = { openface: nn4Small2OpenFace, exercise: nn4Small2Exercise }
