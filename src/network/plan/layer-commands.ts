/** The commands of a layer, by its operation. Layers that only move numbers are copies into a larger picture. */

import { type Shape, slide } from '../shapes.ts'
import { outputChannels, slopeOf } from '../table.ts'
import { convolutionCommand } from './convolution-command.ts'
import { bytesOf, floatsOf, mostBehind, type Relative, type Step, slopesAfter } from './step.ts'

/** In the order in which they run. */
export function layerCommands(step: Step): Relative[] {
  const { output, weights } = step
  const { layer, shape } = step.placed
  const { offset: x, shape: read } = step.inputs[0]!
  const { height, width, channels } = read
  const outSides = { outHeight: shape.height, outWidth: shape.width }
  const xy = (base: number) => ({ x: base + x, output: base + output })
  const most = (base: number) => base + mostBehind(output, shape)
  switch (layer.op) {
    case 'conv':
      return [convolutionCommand(step)]
    case 'depthwise': {
      const floats = floatsOf(weights, layer.name)
      const [kernelHeight, kernelWidth] = layer.kernel
      const { stride } = layer
      const top = slide(layer.padding, height, kernelHeight, stride).before
      const left = slide(layer.padding, width, kernelWidth, stride).before
      const slopes = slopesAfter(step)
      return [
        (base) => ({
          name: 'depthwise',
          ...{ ...xy(base), ...outSides },
          ...{ height, width, channels, kernelHeight, kernelWidth, stride, top, left, slopes },
          ...{ weights: floats.weights, bias: floats.bias },
          most: most(base),
        }),
      ]
    }
    case 'maxPool':
    case 'avgPool':
    case 'l2Pool': {
      const padding = layer.op === 'l2Pool' ? 'valid' : layer.padding
      const name = poolCommand[layer.op]
      const { size, stride } = layer
      const top = slide(padding, height, size, stride).before
      const left = slide(padding, width, size, stride).before
      return [
        (base) => ({
          name,
          ...{ ...xy(base), ...outSides },
          ...{ height, width, channels, size, stride, top, left, most: most(base) },
        }),
      ]
    }
    case 'globalAverage':
      return [(base) => ({ name: 'globalAverage', ...xy(base), pixels: height * width, channels })]
    case 'dense':
    case 'project': {
      const { weights: matrix, bias } = floatsOf(weights, layer.name)
      const out = outputChannels(layer)
      return [(base) => ({ name: 'dense', ...xy(base), in: layer.in, out, weights: matrix, bias })]
    }
    case 'add': {
      const [a, b, c, d] = step.inputs.map(({ offset }) => offset)
      const place = (base: number, offset: number | undefined): number =>
        offset === undefined ? 0 : base + offset
      return [
        (base) => ({
          name: 'add',
          ...{ a: place(base, a), b: place(base, b), c: place(base, c), d: place(base, d) },
          length: Math.ceil((height * width * channels) / 4) * 4,
          slope: slopeOf[layer.activation],
          ...{ output: base + output, most: most(base) },
        }),
      ]
    }
    case 'relu':
    case 'prelu': {
      const slopes = layer.op === 'relu' ? step.slopes.of(0) : floatsOf(weights, layer.name).weights
      const pixels = height * width
      return [(base) => ({ name: 'activate', ...xy(base), pixels, channels, slopes })]
    }
    case 'gate': {
      const gates = step.inputs[1]!.offset
      // Others may read the gates too, as they are.
      const [squashed] = step.scratch(bytesOf(step.inputs[1]!.shape))
      const pixels = height * width
      const around = (base: number) => (step.residual === null ? 0 : base + step.residual)
      return [
        (base) => ({
          ...{ name: 'gate', ...xy(base), residual: around(base) },
          ...{ gates: base + gates, squashed: base + squashed },
          ...{ pixels, channels, most: most(base), isClamped: layer.squash === 'clamp' ? 1 : 0 },
        }),
      ]
    }
    case 'enlarge': {
      const { factor } = layer
      return [(base) => ({ name: 'enlarge', ...xy(base), height, width, channels, factor })]
    }
    case 'localResponseNorm': {
      const { window, alpha, k } = layer
      const [squares] = step.scratch((channels + window) * 4)
      return [
        (base) => ({
          name: 'localResponseNorm',
          ...{ ...xy(base), squares: base + squares, pixels: height * width },
          ...{ channels, window, scale: alpha / window, k },
        }),
      ]
    }
    case 'l2Normalise':
      return [(base) => ({ name: 'l2Normalise', ...xy(base), length: channels })]
    case 'flatten':
      return [copyInto(x, read, output, shape, 0)]
    case 'appendZeros':
      return [zero(output, shape), copyInto(x, read, output, shape, 0)]
    case 'surroundWithZeros': {
      const corner = (layer.before * shape.width + layer.before) * shape.channels * 4
      return [zero(output, shape), copyInto(x, read, output, shape, corner)]
    }
    case 'concat': {
      let behind = 0
      return step.inputs.map((part) => {
        const copy = copyInto(part.offset, part.shape, output, shape, behind)
        behind += part.shape.channels * 4
        return copy
      })
    }
  }
}

const poolCommand = { maxPool: 'maxPool', avgPool: 'averagePool', l2Pool: 'squarePool' } as const

function zero(output: number, shape: Shape): Relative {
  return (base) => ({ name: 'zero', output: base + output, bytes: bytesOf(shape) })
}

/** A picture into a larger one, from `offset` bytes on. */
function copyInto(
  x: number,
  { height, width, channels }: Shape,
  output: number,
  whole: Shape,
  offset: number,
): Relative {
  const isFlat =
    whole.height === 1 && whole.width === 1 && whole.channels === height * width * channels
  const pixelBytes = channels * 4
  const outputPixelBytes = isFlat ? pixelBytes : whole.channels * 4
  const outputRowBytes = isFlat ? width * pixelBytes : whole.width * whole.channels * 4
  return (base) => ({
    name: 'copy',
    ...{ x: base + x, output: base + output + offset, height, width },
    ...{ pixelBytes, outputPixelBytes, outputRowBytes },
  })
}
