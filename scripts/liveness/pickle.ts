/**
 * Python's pickles of plain data, protocol 2, read without Python: numbers, texts, tuples, lists and dictionaries. A pickle is a program
 * for a machine with a stack; this one knows the steps that make data, and calls nothing but what the caller names. Step numbers are
 * those of Lib/pickle.py (github.com/python/cpython).
 */

/** What stands for objects is made by the caller. Lists and tuples are arrays, dictionaries are maps. */
export interface PickleObjects {
  /** What calling `module name` with these gives. Throws for a name that is not known. */
  call(name: string, args: readonly unknown[]): unknown
  /** What an id stands for that lies outside the pickle. */
  load(id: unknown): unknown
}

const mark = Symbol('mark')

/** @returns what the pickle holds, and the byte behind it. Throws Error. */
export function readPickle(
  bytes: Uint8Array,
  start: number,
  objects: PickleObjects,
): { readonly value: unknown; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stack: unknown[] = []
  const memo = new Map<number, unknown>()
  let at = start
  const take = (length: number): number => {
    at += length
    if (at > bytes.length) throw new Error('a pickle is cut short')
    return at - length
  }
  const pop = (): unknown => {
    if (stack.length === 0) throw new Error('a pickle takes from an empty stack')
    return stack.pop()
  }
  const popToMark = (): unknown[] => {
    const from = stack.lastIndexOf(mark)
    if (from === -1) throw new Error('a pickle has no mark')
    return stack.splice(from).slice(1)
  }
  const popMany = (count: number): unknown[] => Array.from({ length: count }, pop).reverse()
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at)
    if (end === -1) throw new Error('a pickle is cut short')
    const text = new TextDecoder().decode(bytes.subarray(at, end))
    at = end + 1
    return text
  }
  const setItems = (pairs: unknown[]): void => {
    const target = stack.at(-1)
    if (!(target instanceof Map)) throw new Error('a pickle sets items of what is no dictionary')
    for (let i = 0; i + 1 < pairs.length; i += 2) target.set(pairs[i], pairs[i + 1])
  }
  const put = (place: number): void => {
    memo.set(place, stack.at(-1))
  }
  const steps: Readonly<Record<number, () => void>> = {
    128: () => take(1),
    40: () => stack.push(mark),
    78: () => stack.push(null),
    136: () => stack.push(true),
    137: () => stack.push(false),
    75: () => stack.push(view.getUint8(take(1))),
    77: () => stack.push(view.getUint16(take(2), true)),
    74: () => stack.push(view.getInt32(take(4), true)),
    138: () => stack.push(longAt(take(1), take)),
    88: () => {
      const length = view.getUint32(take(4), true)
      const from = take(length)
      stack.push(new TextDecoder().decode(bytes.subarray(from, from + length)))
    },
    41: () => stack.push([]),
    93: () => stack.push([]),
    125: () => stack.push(new Map()),
    116: () => stack.push(popToMark()),
    133: () => stack.push(popMany(1)),
    134: () => stack.push(popMany(2)),
    135: () => stack.push(popMany(3)),
    101: () => {
      const values = popToMark()
      const target = stack.at(-1)
      if (!Array.isArray(target)) throw new Error('a pickle appends to what is no list')
      target.push(...values)
    },
    115: () => setItems(popMany(2)),
    117: () => setItems(popToMark()),
    113: () => put(view.getUint8(take(1))),
    114: () => put(view.getUint32(take(4), true)),
    104: () => stack.push(memo.get(view.getUint8(take(1)))),
    106: () => stack.push(memo.get(view.getUint32(take(4), true))),
    99: () => stack.push(`${line()} ${line()}`),
    82: () => {
      const [name, args] = popMany(2)
      stack.push(objects.call(String(name), Array.isArray(args) ? args : []))
    },
    // Attributes of an object: no data of ours.
    98: () => pop(),
    81: () => stack.push(objects.load(pop())),
  }
  /** A whole number of some bytes, the least first. */
  function longAt(lengthAt: number, takeBytes: typeof take): bigint {
    const length = view.getUint8(lengthAt)
    const from = takeBytes(length)
    let value = 0n
    for (let i = length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[from + i]!)
    return BigInt.asIntN(8 * length, value)
  }
  for (;;) {
    const code = bytes[take(1)]!
    if (code === 0x2e) return { value: pop(), end: at }
    const step = steps[code]
    if (!step) throw new Error(`a pickle has the step 0x${code.toString(16)}, which is not known`)
    step()
  }
}
