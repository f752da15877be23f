/**
 * A file of PyTorch's older format -> its float32 tensors by name, in their order. Such a file is five pickles (a magic number, a
 * version, the machine, the tensors, the keys of their numbers) and then the numbers. Nothing in it is run.
 */
import { readPickle } from './pickle.ts'

export interface TorchTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

interface Storage {
  readonly kind: string
  readonly key: string
}

interface Placed {
  readonly storage: Storage
  readonly offset: number
  readonly shape: readonly number[]
}

const magic = BigInt('0x1950a86a20f9469cfc6c')
/** Bytes of a number, by the name of its storage. */
const byteSizes: Readonly<Record<string, number>> = {
  'torch FloatStorage': 4,
  'torch LongStorage': 8,
}

/** @throws Error in one line when the bytes are no such file */
export function readTorchFile(bytes: Uint8Array): ReadonlyMap<string, TorchTensor> {
  const storages = new Map<string, Storage>()
  const objects = {
    call(name: string, args: readonly unknown[]) {
      if (name === 'collections OrderedDict') return new Map()
      if (name === 'torch._utils _rebuild_tensor_v2') return placed(args)
      throw new Error(`the file calls ${name}, which is not known`)
    },
    load(id: unknown): Storage {
      const [, kind, key] = Array.isArray(id) ? id : []
      const storage = { kind: String(kind), key: String(key) }
      if (!(storage.kind in byteSizes)) throw new Error(`the file has numbers of ${kind}`)
      storages.set(storage.key, storage)
      return storage
    },
  }
  let at = 0
  const next = (): unknown => {
    const { value, end } = readPickle(bytes, at, objects)
    at = end
    return value
  }
  if (bytes[0] !== 0x80 || next() !== magic)
    throw new Error('not a file of PyTorch, or a newer one')
  next()
  next()
  const tensors = next()
  const keys = next()
  if (!(tensors instanceof Map) || !Array.isArray(keys))
    throw new Error('the file holds no tensors')
  const numbers = readNumbers(bytes, at, keys, storages)
  const read = new Map<string, TorchTensor>()
  for (const [name, tensor] of tensors as Map<string, Placed>) {
    if (tensor.storage.kind !== 'torch FloatStorage') continue
    const { storage, offset, shape } = tensor
    const count = shape.reduce((product, side) => product * side, 1)
    const values = numbers.get(storage.key)?.slice(offset, offset + count)
    if (values?.length !== count) throw new Error(`the tensor ${name} is cut short`)
    read.set(name, { shape, values })
  }
  return read
}

/** Storage, first number, shape, strides; the other two are of training. */
function placed([storage, offset, shape, strides]: readonly unknown[]): Placed {
  const [sides, steps] = [shape as number[], strides as number[]]
  const isInOrder = sides.every(
    (side, i) => side === 1 || steps[i] === sides.slice(i + 1).reduce((all, next) => all * next, 1),
  )
  if (!isInOrder) throw new Error(`a tensor of [${sides.join(', ')}] lies in another order`)
  return { storage: storage as Storage, offset: Number(offset), shape: sides }
}

/** How many, then the numbers, for each key. */
function readNumbers(
  bytes: Uint8Array,
  start: number,
  keys: readonly unknown[],
  storages: ReadonlyMap<string, Storage>,
): Map<string, Float32Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = new Map<string, Float32Array>()
  let at = start
  for (const key of keys.map(String)) {
    const { kind } = storages.get(key) ?? {}
    if (kind === undefined || at + 8 > bytes.length) throw new Error('the file is cut short')
    const count = Number(view.getBigInt64(at, true))
    const from = at + 8
    at = from + count * byteSizes[kind]!
    if (at > bytes.length) throw new Error('the file is cut short')
    if (kind === 'torch FloatStorage') {
      read.set(key, new Float32Array(bytes.slice(from, at).buffer))
    }
  }
  return read
}
