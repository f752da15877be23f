/**
 * What a plan is written in: commands of 32 words each, one a kernel call, which WebAssembly reads from the heap one after the
 * other (kernels/run-plan.ts). Word 0 is the code of the command, the others are its fields in the order given here; all are
 * 32-bit integers, floats by their bits. The AssemblyScript side is generated from this table (scripts/kernels/kernel-sources.ts),
 * so that the two cannot differ. Addresses are bytes on the heap; pictures are [height, width, channels] float32.
 */

/** Words of a command. */
export const wordsPerCommand = 32

/**
 * Rows of a register tile (scripts/kernels/tile-parts.ts), with two sums of four lanes each. Five fit into 16 registers beside the
 * weights too, and take two hundredths more time; six do not fit.
 */
export const maxTileRows = 4
/** Of the sums of one tile. */
export const tileSumsBytes = 32 * maxTileRows

export const commands = {
  /** 3x3 convolution of stride 1 with a border of one zero, exact in integers (kernels/winograd23.ts). */
  winograd23: [
    ...['x', 'height', 'width', 'channels', 'out', 'weights', 'scale', 'bias', 'slopes'],
    ...['residual', 'output', 'range', 'picture', 'products', 'sums', 'tileRows', 'xMost', 'most'],
  ],
  /** Any other convolution, exact in integers (kernels/direct16.ts). */
  direct16: [
    ...['x', 'height', 'width', 'channels', 'out', 'weights', 'scale', 'bias', 'slopes'],
    ...['residual', 'output', 'range', 'picture', 'starts', 'kernelHeight', 'runPairs', 'stride'],
    ...['top', 'bottom', 'left', 'right', 'outHeight', 'outWidth', 'rest', 'xMost', 'most'],
  ],
  /** 1x1 convolution of stride 1, exact in integers (kernels/strassen.ts). */
  strassen: [
    ...['x', 'pixels', 'channels', 'out', 'weights', 'scale', 'bias', 'slopes'],
    ...['residual', 'output', 'range', 'operands', 'sums', 'rows', 'xMost', 'most'],
  ],
  /** One filter a channel (kernels/depthwise.ts). */
  depthwise: [
    ...['x', 'height', 'width', 'channels', 'weights', 'bias', 'slopes', 'output'],
    ...['kernelHeight', 'kernelWidth', 'stride', 'top', 'left', 'outHeight', 'outWidth', 'most'],
  ],
  /** Largest, mean, or root of the sum of squares of a window; what lies outside does not count (kernels/pool.ts). */
  maxPool: poolFields(),
  averagePool: poolFields(),
  squarePool: poolFields(),
  globalAverage: ['x', 'pixels', 'channels', 'output'],
  /** [in] -> [out] (kernels/dense.ts). */
  dense: ['x', 'in', 'out', 'weights', 'bias', 'output'],
  /** Sum of two to four of equal length, through a slope for what is negative (kernels/elementwise.ts). */
  add: ['a', 'b', 'c', 'd', 'length', 'slope', 'output', 'most'],
  /** x where it is positive, elsewhere x times the slope of its channel. */
  activate: ['x', 'pixels', 'channels', 'slopes', 'output'],
  /** x times the sigmoid of its channel's gate, or what of that lies between 0 and 1, perhaps with what goes round it. */
  gate: ['x', 'gates', 'squashed', 'residual', 'pixels', 'channels', 'output', 'most', 'isClamped'],
  /** Bytes of every pixel into a larger picture, or a part of its channels. */
  copy: ['x', 'output', 'height', 'width', 'pixelBytes', 'outputPixelBytes', 'outputRowBytes'],
  zero: ['output', 'bytes'],
  /** Each side `factor` times as long, read bilinearly between the centres of pixels (kernels/enlarge.ts). */
  enlarge: ['x', 'height', 'width', 'channels', 'factor', 'output'],
  localResponseNorm: [...['x', 'output', 'squares', 'pixels', 'channels', 'window', 'scale', 'k']],
  /** [length] at length 1. */
  l2Normalise: ['x', 'length', 'output'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type CommandName = keyof typeof commands

/** Fields that are floats. */
const floatFields: ReadonlySet<string> = new Set(['range', 'slope', 'scale/localResponseNorm', 'k'])

export function isFloatField(command: CommandName, field: string): boolean {
  return floatFields.has(field) || floatFields.has(`${field}/${command}`)
}

/** Every command by name, in the order of their codes, which begin at 1. */
export const commandNames = Object.keys(commands) as CommandName[]

export type Command = {
  readonly [Name in CommandName]: { readonly name: Name } & Readonly<
    Record<(typeof commands)[Name][number], number>
  >
}[CommandName]

/** Throws a RangeError for a command with more fields than it has room for. */
export function writeCommands(list: readonly Command[]): Uint32Array {
  const words = new Uint32Array(list.length * wordsPerCommand)
  const floats = new Float32Array(words.buffer)
  for (const [i, command] of list.entries()) {
    const start = i * wordsPerCommand
    words[start] = commandNames.indexOf(command.name) + 1
    const fields = commands[command.name]
    if (fields.length >= wordsPerCommand)
      throw new RangeError(`${command.name} has too many fields`)
    const values = new Map<string, unknown>(Object.entries(command))
    for (const [at, field] of fields.entries()) {
      const value = values.get(field)
      if (typeof value !== 'number') throw new RangeError(`${command.name} lacks ${field}`)
      const target = isFloatField(command.name, field) ? floats : words
      target[start + 1 + at] = value
    }
  }
  return words
}

function poolFields() {
  return [
    ...(['x', 'height', 'width', 'channels', 'output', 'size', 'stride'] as const),
    ...(['top', 'left', 'outHeight', 'outWidth', 'most'] as const),
  ] as const
}
