/**
 * Networks are data. A network is a table of layers, read alike by import, pack, load and run; a new network is a new
 * table. Layers run top to bottom; each one's output carries its name and feeds the next one unless `from` says
 * otherwise. Tensors are [height, width, channels] per picture; weights on disk are named after their layer.
 */

/** What a negative number is multiplied by. */
export const slopeOf = { linear: 1, relu: 0, leakyRelu: 0.1 } as const

export type Activation = keyof typeof slopeOf

/** 'valid' and 'same' as in TensorFlow; a number pads every side by as much. */
export type Padding = 'valid' | 'same' | number

/** What follows a convolution and is folded into it: x * w + b per channel, or batch normalisation. */
export type Norm =
  | { readonly kind: 'scale'; readonly name: string }
  | { readonly kind: 'batchNorm'; readonly name: string; readonly epsilon: number }

interface Named {
  readonly name: string
}

export interface ConvLayer extends Named {
  readonly op: 'conv'
  readonly from?: string
  readonly in: number
  readonly out: number
  readonly kernel: readonly [height: number, width: number]
  readonly stride: number
  readonly padding: Padding
  readonly norm?: Norm
  readonly activation: Activation
}

/** One filter per channel. */
export interface DepthwiseLayer extends Named {
  readonly op: 'depthwise'
  readonly from?: string
  readonly channels: number
  readonly kernel: readonly [height: number, width: number]
  readonly stride: number
  readonly padding: Padding
  /** None unless true. */
  readonly bias?: boolean
}

/** [1, in] -> [1, out]. */
export interface DenseLayer extends Named {
  readonly op: 'dense'
  readonly from?: string
  readonly in: number
  readonly out: number
  readonly bias: boolean
  /** Follows it and is folded into it. */
  readonly projection?: Projection
}

/** [1, in] -> [1, out] by a projection, where it cannot be folded into the layer before. */
export interface ProjectLayer extends Named {
  readonly op: 'project'
  readonly from?: string
  readonly in: number
  readonly projection: Projection
}

/** A linear map to fewer numbers that was fitted to faces, [out, in]: weights/projections/<name>.csv. */
export interface Projection {
  readonly name: string
  readonly out: number
}

/** x where it is positive, elsewhere x times the slope of its channel. */
export interface PreluLayer extends Named {
  readonly op: 'prelu'
  readonly from?: string
  readonly channels: number
}

export type WeightedLayer = ConvLayer | DepthwiseLayer | DenseLayer | ProjectLayer | PreluLayer

export type Layer =
  | WeightedLayer
  | (Named & {
      readonly op: 'maxPool' | 'avgPool'
      readonly from?: string
      readonly size: number
      readonly stride: number
      readonly padding: Padding
    })
  /** Root of the sum of the squares in a window that stays within the picture: L2 pooling. */
  | (Named & {
      readonly op: 'l2Pool'
      readonly from?: string
      readonly size: number
      readonly stride: number
    })
  /**
   * x / (k + alpha / window * sum)^beta, the sum over the squares of the `window` (odd) channels around x's own, as Torch
   * has it; tfjs takes alpha undivided and half the window.
   */
  | (Named & {
      readonly op: 'localResponseNorm'
      readonly from?: string
      readonly window: number
      readonly alpha: number
      /** The only exponent that there is a kernel for. */
      readonly beta: 0.75
      readonly k: number
    })
  /** Sum of equal shapes. */
  | (Named & {
      readonly op: 'add'
      readonly from: readonly string[]
      readonly activation: Activation
    })
  /** Appends zeros: rows below, columns to the right, channels behind. */
  | (Named & {
      readonly op: 'appendZeros'
      readonly from?: string
      readonly rows: number
      readonly columns: number
      readonly channels: number
    })
  /** Rows and columns of zeros around the picture: `before` above and left, `after` below and right. */
  | (Named & {
      readonly op: 'surroundWithZeros'
      readonly from?: string
      readonly before: number
      readonly after: number
    })
  /** Equal heights and widths, channels one behind the other. */
  | (Named & { readonly op: 'concat'; readonly from: readonly string[] })
  /** [height, width, channels] -> [1, channels], the mean over all places. */
  | (Named & { readonly op: 'globalAverage'; readonly from?: string })
  | (Named & { readonly op: 'relu'; readonly from?: string })
  /** Each side `factor` times as long, read bilinearly between the centres of pixels. */
  | (Named & { readonly op: 'enlarge'; readonly from?: string; readonly factor: number })
  /**
   * Squeeze and excitation: a picture [height, width, channels] times the sigmoid of [1, channels], the second of `from`, each
   * channel by its own; or times what of it lies between 0 and 1.
   */
  | (Named & {
      readonly op: 'gate'
      readonly from: readonly [picture: string, gates: string]
      readonly squash?: 'clamp'
    })
  /** [height, width, channels] -> [1, height * width * channels]. */
  | (Named & { readonly op: 'flatten'; readonly from?: string })
  /** [1, channels] at length 1; zeros, which have no direction, become NaN and so never an encoding. */
  | (Named & { readonly op: 'l2Normalise'; readonly from?: string })

/** The layers of these operations. */
export type LayerOf<Op extends Layer['op']> = Extract<Layer, { readonly op: Op }>

export interface NetworkTable {
  /** Folder under weights/, prefix of the shards, first half of a model id. */
  readonly name: string
  /** Another folder under weights/: that of the network which this one is a variant of. */
  readonly folder?: string
  readonly input: {
    /** Side of the square input in pixels, or the multiple that it has to be of. */
    readonly size: number
    readonly sizeIs: 'exact' | 'multiple'
    /** Network input = (pixel - mean) / divisor, pixels 0..255, means of red, green and blue. */
    readonly mean: readonly [number, number, number]
    readonly divisor: number
    /** The order in which the network wants the colours; RGB unless given. */
    readonly order?: 'bgr'
  }
  readonly layers: readonly Layer[]
  /** CSV files that circulate beside those of the layers and are read by none: checked where present, never missed. */
  readonly unreadCsv?: readonly CsvTensor[]
}

/** One CSV file: weights/<network>/<name>.csv, flattened in the order of `shape`. */
export interface CsvTensor {
  readonly name: string
  /** Convolutions [out, in, height, width], depthwise [channels, 1, height, width], dense [out, in], others [n]. */
  readonly shape: readonly number[]
  /** weights/<folder>, where it does not lie beside the network's other files. */
  readonly folder?: string
}

/** Where projections lie, below weights/: they belong to an encoder, and several share the files of a network. */
export const projectionsFolder = 'projections'

/** Name of what a network reads first. */
export const networkInput = 'input'

/** The outputs that a layer reads: of the layer before it, unless it says otherwise. */
export function readsOf({ layers }: Pick<NetworkTable, 'layers'>, index: number): string[] {
  const from = layers[index]!.from ?? layers[index - 1]?.name ?? networkInput
  return typeof from === 'string' ? [from] : [...from]
}

export function isWeighted(layer: Layer): layer is WeightedLayer {
  return ['conv', 'depthwise', 'dense', 'project', 'prelu'].includes(layer.op)
}

export function outputChannels(layer: WeightedLayer): number {
  switch (layer.op) {
    case 'conv':
      return layer.out
    case 'dense':
      return layer.projection?.out ?? layer.out
    case 'project':
      return layer.projection.out
    case 'depthwise':
    case 'prelu':
      return layer.channels
  }
}

/** Shape of the filter (or of the slopes) as tfjs wants it; the output channel (depthwise: the channel) is the fastest index. */
export function filterShape(layer: WeightedLayer): number[] {
  switch (layer.op) {
    case 'conv':
      return [...layer.kernel, layer.in, layer.out]
    case 'depthwise':
      return [...layer.kernel, layer.channels, 1]
    case 'dense':
    case 'project':
      return [layer.in, outputChannels(layer)]
    case 'prelu':
      return [layer.channels]
  }
}

/** Every CSV file that the network needs, in the order of its layers. */
export function csvTensors(table: NetworkTable): CsvTensor[] {
  return table.layers.filter(isWeighted).flatMap(csvTensorsOf)
}

/** The CSV files of one layer: filter or slopes `_w`, bias `_b`, then those of its norm. */
export function csvTensorsOf(layer: WeightedLayer): CsvTensor[] {
  const perChannel = (name: string): CsvTensor => ({ name, shape: [outputChannels(layer)] })
  const filter = `${layer.name}_w`
  switch (layer.op) {
    case 'conv': {
      const norm = layer.norm
      const suffixes = norm?.kind === 'batchNorm' ? ['w', 'b', 'm', 'v'] : ['w', 'b']
      return [
        { name: filter, shape: [layer.out, layer.in, ...layer.kernel] },
        perChannel(`${layer.name}_b`),
        ...(norm ? suffixes.map((suffix) => perChannel(`${norm.name}_${suffix}`)) : []),
      ]
    }
    case 'depthwise':
      return [
        { name: filter, shape: [layer.channels, 1, ...layer.kernel] },
        ...(layer.bias ? [perChannel(`${layer.name}_b`)] : []),
      ]
    case 'dense':
      return [
        { name: filter, shape: [layer.out, layer.in] },
        ...(layer.bias ? [{ name: `${layer.name}_b`, shape: [layer.out] }] : []),
        ...(layer.projection ? [projectionTensor(layer.projection, layer.out)] : []),
      ]
    case 'project':
      return [projectionTensor(layer.projection, layer.in)]
    case 'prelu':
      return [perChannel(filter)]
  }
}

function projectionTensor({ name, out }: Projection, channelsIn: number): CsvTensor {
  return { name, shape: [out, channelsIn], folder: projectionsFolder }
}
