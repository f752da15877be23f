/**
 * What a file of MiniFASNet's holds, on weights that look drawn at random: the names, shapes and order of minivision-ai,
 * src/model_lib/MiniFASNet.py. Written without the project's tables, for tests of them.
 */
import type { TorchTensor } from '../../../scripts/liveness/torch-file.ts'
import { randomNumbers } from '../random.ts'
import { countOf } from './pack-in-memory.ts'

export type State = Map<string, TorchTensor>

export interface Kind {
  /** Channels inside the units of conv_3 and conv_4. */
  readonly widths: readonly [conv3: readonly number[], conv4: readonly number[]]
  /** Whether the last unit of each is gated. */
  readonly gates: boolean
}

export const kinds = {
  'mini-fasnet-v2': {
    widths: [
      [13, 13, 13, 13],
      [231, 52, 26, 77, 26, 26],
    ],
    gates: false,
  },
  'mini-fasnet-v1se': {
    widths: [
      [13, 26, 13, 52],
      [154, 52, 26, 52, 26, 26],
    ],
    gates: true,
  },
} as const satisfies Record<string, Kind>

export function makeState({ widths: [conv3, conv4], gates }: Kind, seed = 1): State {
  const state: State = new Map()
  const add = (name: string, shape: number[], spread: number, centre = 0): void => {
    const numbers = randomNumbers(countOf(shape), seed * 10_000 + state.size)
    state.set(`module.${name}`, { shape, values: numbers.map((n) => centre + spread * n) })
  }
  const norm = (name: string, channels: number): void => {
    add(`${name}.weight`, [channels], 0.3, 1)
    add(`${name}.bias`, [channels], 0.1)
    add(`${name}.running_mean`, [channels], 0.1)
    add(`${name}.running_var`, [channels], 0.5, 1)
  }
  const filter = (name: string, shape: number[]): void => {
    const inputs = countOf(shape.slice(1))
    // Pixels are up to 255; behind the first convolution values stay near 1, what is added up included.
    const scale = name.startsWith('conv1.') ? 1 / 128 : name.includes('.project.') ? 1 / 3 : 1
    add(`${name}.weight`, shape, Math.sqrt(3 / inputs) * scale)
  }
  const block = (name: string, shape: number[], slopes = true): void => {
    filter(`${name}.conv`, shape)
    norm(`${name}.bn`, shape[0]!)
    if (slopes) add(`${name}.prelu.weight`, [shape[0]!], 0.3)
  }
  const unit = (name: string, channelsIn: number, middle: number, out: number): void => {
    block(`${name}.conv`, [middle, channelsIn, 1, 1])
    block(`${name}.conv_dw`, [middle, 1, 3, 3])
    block(`${name}.project`, [out, middle, 1, 1], false)
  }
  const residual = (name: string, channels: number, middles: readonly number[]): void => {
    for (const [i, middle] of middles.entries()) {
      unit(`${name}.model.${i}`, channels, middle, channels)
      if (!gates || i < middles.length - 1) continue
      const se = `${name}.model.${i}.se_module`
      filter(`${se}.fc1`, [channels / 4, channels, 1, 1])
      norm(`${se}.bn1`, channels / 4)
      filter(`${se}.fc2`, [channels, channels / 4, 1, 1])
      norm(`${se}.bn2`, channels)
    }
  }
  block('conv1', [32, 3, 3, 3])
  block('conv2_dw', [32, 1, 3, 3])
  unit('conv_23', 32, 103, 64)
  residual('conv_3', 64, conv3)
  unit('conv_34', 64, 231, 128)
  residual('conv_4', 128, conv4)
  unit('conv_45', 128, 308, 128)
  residual('conv_5', 128, [26, 26])
  block('conv_6_sep', [512, 128, 1, 1])
  block('conv_6_dw', [512, 1, 5, 5], false)
  filter('linear', [128, 512])
  norm('bn', 128)
  filter('prob', [3, 128])
  return state
}
