/**
 * Labelled photos as the FaceNet exercise keeps them, in HDF5: images [N, H, W, 3] uint8, integer labels [N], and the list
 * of names that the labels count through. Writing and reading lie side by side; datasets/README.md describes the format.
 */
import { access, rename, rm } from 'node:fs/promises'
import { Dataset, File, Group, ready } from 'h5wasm/node'

/** Names of the three datasets in the file. */
export interface DatasetKeys {
  readonly images: string
  readonly labels: string
  /** May be absent from the file. */
  readonly classes: string
}

export const defaultKeys: DatasetKeys = {
  images: 'train_set_x',
  labels: 'train_set_y',
  classes: 'list_classes',
}

export interface LabelledImages {
  /** [N, H, W, 3], 0..255 RGB. */
  readonly images: Uint8Array
  readonly shape: readonly [count: number, height: number, width: number, channels: 3]
  /** N whole numbers from 0 on. */
  readonly labels: readonly number[]
  /** What the labels stand for; null where the file has no such list. */
  readonly classes: readonly string[] | null
}

/** Overwrites the file, in one step once all is written. */
export async function writeDataset(
  path: string,
  { images, shape, labels, classes }: LabelledImages,
  keys: DatasetKeys = defaultKeys,
): Promise<void> {
  await ready
  const part = `${path}.part`
  await rm(part, { force: true })
  const file = new File(part, 'w')
  try {
    file.create_dataset({ name: keys.images, data: images, shape: [...shape], dtype: '<B' })
    const numbers = BigInt64Array.from(labels, BigInt)
    file.create_dataset({ name: keys.labels, data: numbers, shape: [labels.length], dtype: '<q' })
    if (classes) file.create_dataset({ name: keys.classes, data: [...classes] })
  } finally {
    file.close()
  }
  await rename(part, path)
}

/** @throws Error that says what is wrong and lists what the file holds */
export async function readDataset(
  path: string,
  keys: DatasetKeys = defaultKeys,
): Promise<LabelledImages> {
  await access(path).catch(() => {
    throw new Error(`${path}: there is no such file`)
  })
  const library = await ready
  // Faults become errors here instead of pages of text on standard error.
  library.activate_throwing_error_handler()
  const file = openFile(path)
  try {
    const fail = (fault: string): never => {
      throw new Error(`${path}: ${fault}; the file holds ${describeFile(file)}`)
    }
    const find = (key: string): Dataset => {
      const found = file.keys().includes(key) ? file.get(key) : null
      return found instanceof Dataset ? found : fail(`there is no dataset "${key}"`)
    }
    const images = find(keys.images)
    const shape = images.shape ?? []
    if (shape.length !== 4 || shape[3] !== 3 || images.dtype !== '<B') {
      fail(`"${keys.images}" is ${describe(images)}, expected [N, H, W, 3] uint8`)
    }
    const labels = find(keys.labels)
    const count = shape[0]!
    const isFlat = (labels.shape ?? []).reduce((product, side) => product * side, 1) === count
    const isWhole = typeof labels.dtype === 'string' && /^[<>|]?[bBhHiIqQlL]$/.test(labels.dtype)
    if (!isFlat || !isWhole) {
      fail(`"${keys.labels}" is ${describe(labels)}, expected ${count} whole numbers`)
    }
    const numbers = Array.from(labels.value as ArrayLike<number | bigint>, Number)
    const classes = file.keys().includes(keys.classes) ? namesOf(find(keys.classes)) : null
    const wrong = numbers.find((label) => label < 0 || (classes && label >= classes.length))
    if (wrong !== undefined) {
      fail(
        `"${keys.labels}" holds ${wrong}, expected ${classes ? `0 to ${classes.length - 1}` : 'nothing below 0'}`,
      )
    }
    return {
      images: images.value as Uint8Array,
      shape: shape as [number, number, number, 3],
      labels: numbers,
      classes,
    }
  } finally {
    file.close()
  }
}

function openFile(path: string): File {
  try {
    const file = new File(path, 'r')
    file.keys()
    return file
  } catch {
    throw new Error(`${path}: this is not an HDF5 file, or it is damaged`)
  }
}

/** Text as it is; the exercise's lists are of numbers. */
function namesOf(list: Dataset): string[] {
  return Array.from(list.value as ArrayLike<string | number | bigint>, String)
}

const typeNames: Readonly<Record<string, string>> = {
  '<b': 'int8',
  '<B': 'uint8',
  '<h': 'int16',
  '<H': 'uint16',
  '<i': 'int32',
  '<I': 'uint32',
  '<q': 'int64',
  '<Q': 'uint64',
  '<f': 'float32',
  '<d': 'float64',
}

function describe({ shape, dtype }: Dataset): string {
  const type = typeof dtype === 'string' ? (typeNames[dtype] ?? `type ${dtype}`) : 'a compound type'
  return `[${(shape ?? []).join(', ')}] ${type}`
}

function describeFile(file: File): string {
  const entries = file.keys().map((key) => {
    const entry = file.get(key)
    if (entry instanceof Dataset) return `${key} ${describe(entry)}`
    return entry instanceof Group ? `the group ${key}` : key
  })
  return entries.length > 0 ? entries.join(', ') : 'nothing'
}
