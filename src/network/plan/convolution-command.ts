/** The command of a convolution, whose weights say which of the two kernels runs it, and the scratch space which that needs. */

import { slide } from '../shapes.ts'
import { maxTileRows, tileSumsBytes } from './commands.ts'
import type { PlacedLayerWeights } from './place-weights.ts'
import { mostBehind, type Relative, type Step, slopesAfter } from './step.ts'

type IntegerWeights = Exclude<PlacedLayerWeights, { readonly kind: 'float' }>

/** Of tiles and sums of Winograd: what stays in the second cache. */
const blockBytes = 170 * 1024
/** Of what Strassen's way multiplies: what stays in the first cache. */
const operandBytes = 24 * 1024
/** Eight numbers for each pixel of a register tile, which has fewer than eight pixels. */
const restBytes = 8 * 32
/** Sums of two tiles wait there (scripts/kernels/strassen-tile.ts). */
const strassenSumsBytes = 2 * tileSumsBytes

/** Throws an Error that names the layer when it is no convolution or has no weights in whole numbers. */
export function convolutionCommand(step: Step): Relative {
  const { layer } = step.placed
  const weights = step.weights.get(layer.name)
  if (weights === undefined || weights.kind === 'float')
    throw new Error(`${layer.name} has no whole numbers`)
  return commandOf[weights.kind](step, weights)
}

const commandOf = { winograd23, strassen, direct16 } as const

function winograd23(step: Step, weights: IntegerWeights): Relative {
  const { height, width, channels } = step.inputs[0]!.shape
  const out = step.placed.shape.channels
  const tilesWide = (width + 1) >> 1
  const tilesHigh = (height + 1) >> 1
  const rowBytes = 16 * tilesWide * (2 * channels + 4 * out)
  const tileRows = Math.max(1, Math.min(tilesHigh, Math.floor(blockBytes / rowBytes)))
  const tiles = tileRows * tilesWide
  const pictureBytes = (2 * tilesHigh + 2) * (2 * tilesWide + 2) * channels * 2
  const [picture, products, sums] = step.scratch(
    pictureBytes,
    16 * tiles * channels * 2,
    16 * tiles * out * 4,
  )
  const shared = sharedFields(step, weights)
  return (base) => ({
    name: 'winograd23',
    ...{ ...shared, ...places(step, base), tileRows },
    ...{ picture: base + picture, products: base + products, sums: base + sums },
  })
}

function strassen(step: Step, weights: IntegerWeights): Relative {
  const { height, width, channels } = step.inputs[0]!.shape
  const pixels = height * width
  // Each row is two pixels: seven quarters of them in int16.
  const rowBytes = 7 * channels
  const tiles = Math.max(1, Math.floor(operandBytes / rowBytes / maxTileRows))
  const rows = Math.min(Math.ceil(pixels / 2), tiles * maxTileRows)
  const [operands, sums] = step.scratch(rows * rowBytes, strassenSumsBytes)
  const shared = sharedFields(step, weights)
  return (base) => ({
    name: 'strassen',
    ...{ ...shared, ...places(step, base), pixels, rows },
    ...onlyWhatIsUsed(step, shared.slopes),
    ...{ operands: base + operands, sums: base + sums },
  })
}

function direct16(step: Step, weights: IntegerWeights): Relative {
  const { layer, shape } = step.placed
  if (layer.op !== 'conv') throw new Error(`${layer.name} is no convolution`)
  const { height, width, channels } = step.inputs[0]!.shape
  const [kernelHeight, kernelWidth] = weights.kernel
  const isTrimmed = kernelHeight !== layer.kernel[0]
  const padding = isTrimmed ? 'valid' : layer.padding
  const rows = slide(padding, height, kernelHeight, layer.stride)
  const columns = slide(padding, width, kernelWidth, layer.stride)
  const paddedHeight = rows.before + height + rows.after
  const paddedWidth = columns.before + width + columns.after
  const [picture, starts, rest] = step.scratch(
    paddedHeight * paddedWidth * channels * 2,
    shape.height * shape.width * 4,
    restBytes,
  )
  const shared = sharedFields(step, weights)
  return (base) => ({
    name: 'direct16',
    ...{ ...shared, ...places(step, base), kernelHeight },
    ...onlyWhatIsUsed(step, shared.slopes),
    ...{ runPairs: weights.runPairs, stride: layer.stride },
    ...{ top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
    ...{ outHeight: shape.height, outWidth: shape.width },
    ...{ picture: base + picture, starts: base + starts, rest: base + rest },
  })
}

/** No largest number that nobody asks for, and no slopes where nothing is activated. */
function onlyWhatIsUsed({ isScaled, slopes }: Step, given: number) {
  return { ...(isScaled ? {} : { most: 0 }), slopes: given === slopes.of(1) ? 0 : given }
}

function sharedFields(step: Step, weights: IntegerWeights) {
  const { height, width, channels } = step.inputs[0]!.shape
  const { scale, bias, range } = weights
  return {
    ...{ height, width, channels, out: step.placed.shape.channels },
    ...{ weights: weights.weights, scale, bias, slopes: slopesAfter(step), range },
  }
}

function places({ placed, inputs, output, residual }: Step, base: number) {
  const { offset, shape, keepsMost } = inputs[0]!
  return {
    x: base + offset,
    xMost: keepsMost ? base + mostBehind(offset, shape) : 0,
    output: base + output,
    most: base + mostBehind(output, placed.shape),
    residual: residual === null ? 0 : base + residual,
  }
}
