/** Layers that networks of separable convolutions are written with: mix the channels, give each a slope, see each by itself. */
import type { Layer } from './table.ts'

/** 1x1, without an activation. */
export function point(name: string, channelsIn: number, channelsOut: number, from?: string): Layer {
  return {
    op: 'conv',
    name,
    in: channelsIn,
    out: channelsOut,
    kernel: [1, 1],
    stride: 1,
    padding: 'valid',
    activation: 'linear',
    ...(from ? { from } : {}),
  }
}

/** PReLU behind the layer of that name. */
export function slopes(of: string, channels: number): Layer {
  return { op: 'prelu', name: `${of}_prelu`, channels }
}

/** 3x3, a filter a channel, with a border of one zero. */
export function depthwise(name: string, channels: number, stride: 1 | 2): Layer {
  return { op: 'depthwise', name, channels, kernel: [3, 3], stride, padding: 1, bias: true }
}
