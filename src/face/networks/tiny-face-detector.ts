/**
 * face-api.js's tiny face detector as a table: a small YOLO v2 with separable convolutions, square RGB of any multiple
 * of 32 -> one cell per 32 pixels with 5 anchors of [x, y, width, height, score] each (justadudewhohacks/face-api.js,
 * src/tinyYolov2, MIT). 57 million multiply-adds at 224 pixels.
 */
import type { Layer, NetworkTable } from '../../network/table.ts'

/** Width and height of the anchors in cells. */
export const anchors: readonly (readonly [width: number, height: number])[] = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
]

/** Pixels of the input per cell of the output. */
export const cellPixels = 32

function halve(name: string, stride: 1 | 2 = 2): Layer {
  return { op: 'maxPool', name, size: 2, stride, padding: 'same' }
}

function separable(name: string, channelsIn: number, channelsOut: number): Layer[] {
  return [
    {
      op: 'depthwise',
      name: `${name}_depthwise`,
      channels: channelsIn,
      kernel: [3, 3],
      stride: 1,
      padding: 'same',
    },
    {
      op: 'conv',
      name,
      in: channelsIn,
      out: channelsOut,
      kernel: [1, 1],
      stride: 1,
      padding: 'valid',
      activation: 'leakyRelu',
    },
  ]
}

export const tinyFaceDetector: NetworkTable = {
  name: 'tiny-face-detector',
  input: { size: cellPixels, sizeIs: 'multiple', mean: [117.001, 114.697, 97.404], divisor: 255 },
  layers: [
    {
      op: 'conv',
      name: 'conv0',
      in: 3,
      out: 16,
      kernel: [3, 3],
      stride: 1,
      padding: 'valid',
      activation: 'leakyRelu',
    },
    halve('pool0'),
    ...separable('conv1', 16, 32),
    halve('pool1'),
    ...separable('conv2', 32, 64),
    halve('pool2'),
    ...separable('conv3', 64, 128),
    halve('pool3'),
    ...separable('conv4', 128, 256),
    halve('pool4'),
    ...separable('conv5', 256, 512),
    halve('pool5', 1),
    {
      op: 'conv',
      name: 'conv8',
      in: 512,
      out: 25,
      kernel: [1, 1],
      stride: 1,
      padding: 'valid',
      activation: 'linear',
    },
  ],
}
