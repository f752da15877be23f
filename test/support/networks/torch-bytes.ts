/** Files of PyTorch's older format, written for tests of what reads them: five pickles, then the numbers. */
import type { State } from './mini-fasnet-state.ts'

const protocol = [0x80, 2]
const [stop, mark, tuple, call] = [0x2e, 0x28, 0x74, 0x52]

export function torchBytes(state: State): Uint8Array {
  const magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  const names = [...state.keys()]
  return Uint8Array.from([
    ...[...protocol, 0x8a, magic.length, ...magic, stop],
    ...[...protocol, 0x4d, 0xe9, 0x03, stop],
    ...[...protocol, 0x7d, stop],
    ...[...protocol, ...dictionary(), mark, ...names.flatMap((name) => entry(name, state))],
    ...[0x75, stop],
    ...[...protocol, 0x5d, mark, ...names.flatMap(text), 0x65, stop],
    ...[...state.values()].flatMap(({ values }) => [
      ...new Uint8Array(BigInt64Array.of(BigInt(values.length)).buffer),
      ...new Uint8Array(Float32Array.from(values).buffer),
    ]),
  ])
}

function entry(name: string, state: State): number[] {
  const { shape, values } = state.get(name)!
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((all, side) => all * side, 1))
  return [
    ...text(name),
    ...global('torch._utils', '_rebuild_tensor_v2'),
    mark,
    ...[mark, ...text('storage'), ...global('torch', 'FloatStorage'), ...text(name)],
    ...[...text('cpu'), ...whole(values.length), 0x4e, tuple, 0x51],
    ...whole(0),
    ...[mark, ...shape.flatMap(whole), tuple],
    ...[mark, ...strides.flatMap(whole), tuple],
    0x89,
    ...dictionary(),
    ...[tuple, call],
  ]
}

function dictionary(): number[] {
  return [...global('collections', 'OrderedDict'), 0x29, call]
}

function global(module: string, name: string): number[] {
  return [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`)]
}

function text(value: string): number[] {
  const letters = new TextEncoder().encode(value)
  return [0x58, ...new Uint8Array(Uint32Array.of(letters.length).buffer), ...letters]
}

function whole(value: number): number[] {
  return [0x4a, ...new Uint8Array(Int32Array.of(value).buffer)]
}
