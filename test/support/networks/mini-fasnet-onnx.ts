/**
 * An ONNX file as PyTorch writes one, on weights that look drawn at random: MiniFASNet's blocks (minivision-ai,
 * src/model_lib/MiniFASNet.py) with gates, for 128 pixels. It has most of what graphs are made of.
 */
import { OnnxModel } from '../../../scripts/weights/graphs/onnx-file.ts'
import { seededRandom } from '../random.ts'

interface Message {
  readonly node: object[]
  readonly initializer: { name: string; dims: number[]; data_type: number; raw_data: Uint8Array }[]
}

class Builder {
  readonly graph: Message = { node: [], initializer: [] }
  readonly #random: () => number
  #names = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  tensor(dims: number[], spread: number, centre = 0): string {
    const count = dims.reduce((product, side) => product * side, 1)
    const values = Float32Array.from(
      { length: count },
      () => centre + spread * (2 * this.#random() - 1),
    )
    const name = `t${this.#names++}`
    this.graph.initializer.push({
      name,
      dims,
      data_type: 1,
      raw_data: new Uint8Array(values.buffer),
    })
    return name
  }

  node(op: string, input: string[], attributes: Record<string, number | number[]> = {}): string {
    const output = `n${this.#names++}`
    const attribute = Object.entries(attributes).map(([name, value]) =>
      Array.isArray(value)
        ? { name, ints: value }
        : Number.isInteger(value)
          ? { name, i: value }
          : { name, f: value },
    )
    this.graph.node.push({ op_type: op, input, output: [output], attribute })
    return output
  }

  conv(x: string, [out, inner, side]: [number, number, number], stride = 1, group = 1): string {
    const pad = side === 3 ? 1 : 0
    // Pixels are up to 255; behind the first convolution values are near 1.
    const spread = Math.sqrt(2 / (inner * side * side)) / (x === 'input' ? 128 : 1)
    const weights = [this.tensor([out, inner, side, side], spread), this.tensor([out], 0.1)]
    return this.node('Conv', [x, ...weights], {
      dilations: [1, 1],
      group,
      kernel_shape: [side, side],
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
    })
  }

  prelu(x: string, channels: number): string {
    return this.node('PRelu', [x, this.tensor([channels, 1, 1], 0.3)])
  }

  /** Depth_Wise: 1x1, 3x3 per channel, 1x1. */
  depthWise(x: string, channelsIn: number, middle: number, out: number, stride: number): string {
    const wide = this.prelu(this.conv(x, [middle, channelsIn, 1]), middle)
    const each = this.prelu(this.conv(wide, [middle, 1, 3], stride, middle), middle)
    return this.conv(each, [out, middle, 1])
  }

  /** SEModule */
  squeezeExcite(x: string, channels: number, squeezed: number): string {
    const mean = this.node('GlobalAveragePool', [x])
    const small = this.node('Relu', [this.conv(mean, [squeezed, channels, 1])])
    const gates = this.node('Sigmoid', [this.conv(small, [channels, squeezed, 1])])
    return this.node('Mul', [x, gates])
  }

  /** ResidualSE: only its last unit has a gate. */
  residual(x: string, channels: number, middles: number[], squeezed: number): string {
    return middles.reduce((before, middle, i) => {
      const out = this.depthWise(before, channels, middle, channels, 1)
      const isLast = i === middles.length - 1
      return this.node('Add', [before, isLast ? this.squeezeExcite(out, channels, squeezed) : out])
    }, x)
  }
}

export function makeMiniFasnetOnnx(): Uint8Array {
  const b = new Builder(1)
  let x = b.prelu(b.conv('input', [32, 3, 3], 2), 32)
  x = b.prelu(b.conv(x, [32, 1, 3], 1, 32), 32)
  x = b.residual(b.depthWise(x, 32, 103, 64, 2), 64, [13, 13, 13, 13], 16)
  x = b.residual(b.depthWise(x, 64, 231, 128, 2), 128, [231, 52, 26, 77, 26, 26], 32)
  x = b.residual(b.depthWise(x, 128, 308, 128, 2), 128, [26, 26], 32)
  x = b.conv(b.prelu(b.conv(x, [512, 128, 1]), 512), [512, 1, 8], 1, 512)
  const shape = b.node('Shape', [x])
  x = b.node('Reshape', [x, shape])
  x = b.node('MatMul', [x, b.tensor([512, 128], 0.1)])
  const norm = [b.tensor([128], 0.3, 1), b.tensor([128], 0.1), b.tensor([128], 0.1)]
  x = b.node('BatchNormalization', [x, ...norm, b.tensor([128], 0.5, 1)], { epsilon: 1e-5 })
  x = b.node('MatMul', [x, b.tensor([128, 3], 0.2)])
  return OnnxModel.encode(OnnxModel.fromObject({ graph: b.graph })).finish()
}
