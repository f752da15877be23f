/**
 * The tensors of a trained PyTorch network -> the CSV tensors of a network of ours. Both have their layers in the order in which they
 * run, so each layer takes the next module, which has to be of its shape; batch normalisation goes into the layer before it. That the
 * layers are also connected alike is for a test to show. Pure.
 */
import {
  csvTensorsOf,
  isWeighted,
  type NetworkTable,
  outputChannels,
  type WeightedLayer,
} from '../../src/network/table.ts'
import type { TorchTensor } from './torch-file.ts'

/** What PyTorch adds to a variance. */
const epsilon = 1e-5

/** The tensors of one module by the last part of their names: weight, bias, running_mean, running_var. */
interface Module {
  readonly name: string
  readonly tensors: ReadonlyMap<string, TorchTensor>
}

/** @throws Error that names the layer and what was expected of it */
export function tensorsOfState(
  table: NetworkTable,
  state: ReadonlyMap<string, TorchTensor>,
): Map<string, Float32Array> {
  const modules = modulesOf(state)
  const tensors = new Map<string, Float32Array>()
  let at = 0
  for (const layer of table.layers.filter(isWeighted)) {
    const own = modules[at++]
    const { shape, values } = own?.tensors.get('weight') ?? {}
    const [filter] = csvTensorsOf(layer)
    if (!isSameShape(shape ?? [], filter!.shape)) {
      throw new Error(
        `${table.name}: ${own?.name ?? 'nothing'} is [${shape?.join(', ') ?? ''}], expected [${filter!.shape.join(', ')}] for the layer ${layer.name}`,
      )
    }
    const norm = modules[at]?.tensors.has('running_mean') ? modules[at++] : undefined
    keep(layer, fold(own!, values!, norm, outputChannels(layer)))
  }
  if (at < modules.length) throw new Error(`${table.name}: nothing reads ${modules[at]!.name}`)
  return tensors

  function keep(layer: WeightedLayer, { filter, bias }: Folded): void {
    const [first, second] = csvTensorsOf(layer)
    tensors.set(first!.name, filter)
    if (second) tensors.set(second.name, bias)
    else if (bias.some((value) => value !== 0)) {
      throw new Error(`${table.name}: ${layer.name} has a bias in the file, expected none`)
    }
  }
}

interface Folded {
  readonly filter: Float32Array
  readonly bias: Float32Array
}

function fold(
  own: Module,
  filter: Float32Array,
  norm: Module | undefined,
  channels: number,
): Folded {
  const bias = own.tensors.get('bias')?.values ?? new Float32Array(channels)
  if (!norm) return { filter, bias }
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => {
      const values = norm.tensors.get(part)?.values
      if (values?.length === channels) return values
      throw new Error(`${norm.name}.${part} is not of ${channels} numbers`)
    },
  ) as [Float32Array, Float32Array, Float32Array, Float32Array]
  const gain = Array.from(scale, (value, c) => value / Math.sqrt(variance[c]! + epsilon))
  const perChannel = filter.length / channels
  return {
    filter: filter.map((value, i) => value * gain[Math.floor(i / perChannel)]!),
    bias: bias.map((value, c) => (value - mean[c]!) * gain[c]! + shift[c]!),
  }
}

function modulesOf(state: ReadonlyMap<string, TorchTensor>): Module[] {
  const byName = Map.groupBy(state, ([name]) => name.slice(0, name.lastIndexOf('.')))
  return Array.from(byName, ([name, entries]) => ({
    name,
    tensors: new Map(
      entries.map(([full, tensor]) => [full.slice(name.length + 1), tensor] as const),
    ),
  }))
}

/** A dense layer on one place may be written as a convolution of 1x1. */
function isSameShape(found: readonly number[], wanted: readonly number[]): boolean {
  const places = found.slice(wanted.length)
  return places.every((side) => side === 1) && wanted.every((side, i) => side === found[i])
}
