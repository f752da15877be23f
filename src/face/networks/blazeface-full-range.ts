/**
 * MediaPipe's full-range face detector as a table: a bottleneck network down to a stride of 32 and back up to one of 4, square RGB
 * of any multiple of 32 -> one cell per 4 pixels with [centre x, centre y, width, height, six points x, y, score]
 * (npm `@mediapipe/face_detection`, face_detection_full_range.tflite, Apache-2.0). 106 million multiply-adds at 192 pixels.
 */
import type { Layer, NetworkTable } from '../../network/table.ts'

/** Pixels of the input per cell of the output. */
export const cellPixels = 4

/** Right eye and left eye of the person, tip of the nose, mouth, right ear and left ear: so many points a cell. */
const pointsPerCell = 6

/** Numbers a cell: a box, the points, and the score's logit. */
export const numbersPerCell = 4 + 2 * pointsPerCell + 1

interface Bottleneck {
  readonly name: string
  readonly from: string
  readonly in: number
  readonly inner: number
  readonly out: number
  /** 2 halves the picture's sides. */
  readonly stride: 1 | 2
}

function pointwise(
  name: string,
  channels: { in: number; out: number },
  rest: { activation: 'relu' | 'linear'; from?: string },
): Layer {
  return { op: 'conv', name, ...channels, kernel: [1, 1], stride: 1, padding: 'valid', ...rest }
}

function depthwise(name: string, channels: number, stride: 1 | 2, from?: string): Layer {
  return {
    op: 'depthwise',
    name,
    channels,
    kernel: [3, 3],
    stride,
    padding: 'same',
    bias: true,
    ...(from ? { from } : {}),
  }
}

/** Two separable convolutions beside a shortcut, which is halved and given empty channels where they are. */
function bottleneck({ name, from, in: channels, inner, out, stride }: Bottleneck): Layer[] {
  const shortcut: Layer[] = []
  if (stride === 2) {
    shortcut.push({ op: 'maxPool', name: `${name}_pool`, from, size: 2, stride, padding: 'same' })
  }
  if (out > channels) {
    shortcut.push({
      op: 'appendZeros',
      name: `${name}_widen`,
      from: shortcut.at(-1)?.name ?? from,
      rows: 0,
      columns: 0,
      channels: out - channels,
    })
  }
  return [
    depthwise(`${name}_conv0_depthwise`, channels, stride, from),
    pointwise(`${name}_conv0`, { in: channels, out: inner }, { activation: 'relu' }),
    depthwise(`${name}_conv1_depthwise`, inner, 1),
    pointwise(`${name}_conv1`, { in: inner, out }, { activation: 'linear' }),
    ...shortcut,
    {
      op: 'add',
      name,
      from: [shortcut.at(-1)?.name ?? from, `${name}_conv1`],
      activation: 'relu',
    },
  ]
}

/** Bottlenecks one after the other, named `name` and their number. */
function chain(
  name: string,
  first: string,
  shapes: readonly (readonly [channels: number, inner: number, out: number, stride: 1 | 2])[],
): Layer[] {
  return shapes.flatMap(([channels, inner, out, stride], i) =>
    bottleneck({
      name: `${name}${i}`,
      from: i === 0 ? first : `${name}${i - 1}`,
      in: channels,
      inner,
      out,
      stride,
    }),
  )
}

/** What was seen at half the resolution, enlarged, and what is seen at this one. */
function merge(
  name: string,
  coarse: { from: string; channels: number },
  fine: { from: string; channels: number },
  out: number,
): Layer[] {
  return [
    pointwise(
      `${name}_coarse`,
      { in: coarse.channels, out },
      { activation: 'relu', from: coarse.from },
    ),
    pointwise(`${name}_fine`, { in: fine.channels, out }, { activation: 'relu', from: fine.from }),
    { op: 'enlarge', name: `${name}_enlarged`, from: `${name}_coarse`, factor: 2 },
    {
      op: 'add',
      name,
      from: [`${name}_fine`, `${name}_enlarged`],
      activation: 'linear',
    },
  ]
}

export const blazefaceFullRange: NetworkTable = {
  name: 'blazeface-full-range',
  input: { size: 32, sizeIs: 'multiple', mean: [127.5, 127.5, 127.5], divisor: 127.5 },
  layers: [
    {
      op: 'conv',
      name: 'stem',
      in: 3,
      out: 32,
      kernel: [3, 3],
      stride: 2,
      padding: 'same',
      activation: 'relu',
    },
    ...chain('down', 'stem', [
      [32, 8, 32, 1],
      [32, 8, 32, 1],
      [32, 12, 48, 2],
      [48, 12, 48, 1],
      [48, 16, 64, 1],
      [64, 24, 96, 2],
      [96, 32, 128, 1],
      [128, 32, 128, 1],
      [128, 36, 144, 2],
      [144, 48, 192, 1],
      [192, 64, 256, 1],
      [256, 96, 384, 2],
      [384, 96, 384, 1],
      [384, 96, 384, 1],
      [384, 96, 384, 1],
    ]),
    ...merge('merge0', { from: 'down14', channels: 384 }, { from: 'down10', channels: 256 }, 96),
    ...chain('up0_', 'merge0', [
      [96, 48, 96, 1],
      [96, 48, 96, 1],
    ]),
    ...merge('merge1', { from: 'up0_1', channels: 96 }, { from: 'down7', channels: 128 }, 64),
    ...chain('up1_', 'merge1', [
      [64, 32, 64, 1],
      [64, 32, 64, 1],
    ]),
    ...merge('merge2', { from: 'up1_1', channels: 64 }, { from: 'down4', channels: 64 }, 48),
    ...chain('up2_', 'merge2', [[48, 24, 48, 1]]),
    pointwise('score', { in: 48, out: 1 }, { activation: 'linear', from: 'up2_0' }),
    pointwise('face', { in: 48, out: 16 }, { activation: 'linear', from: 'up2_0' }),
    { op: 'concat', name: 'cells', from: ['face', 'score'] },
  ],
}
