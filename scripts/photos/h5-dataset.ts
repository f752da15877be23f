/**
 * Labelled photos as the FaceNet exercise keeps them, in HDF5: images [N, H, W, 3] uint8, integer labels [N], and the list
 * of names that the labels count through. Writing and reading lie side by side; datasets/README.md describes the format.
 */
import { access, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BrokenSoftLink, Dataset, File, Group, ready } from 'h5wasm/node'
import { makeWhole } from '../files/write-whole.ts'

/** Names of the three datasets in the file; of one in a group, its path: `faces/x`. */
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

/** What the command line names; the rest is found in the file. */
export type GivenKeys = Partial<DatasetKeys>

/** The exercise's two files: one to learn from, one to test with. */
const exercisePrefixes = ['train', 'test'] as const

export interface LabelledImages {
  /** [N, H, W, 3], 0..255 RGB. */
  readonly images: Uint8Array
  readonly shape: readonly [count: number, height: number, width: number, channels: 3]
  /** N whole numbers from 0 on. */
  readonly labels: readonly number[]
  /** What the labels stand for; null where the file has no such list. */
  readonly classes: readonly string[] | null
}

/**
 * Overwrites the file, in one step once all is written, and makes its folder.
 *
 * @throws Error when the file cannot be written
 */
export async function writeDataset(
  path: string,
  { images, shape, labels, classes }: LabelledImages,
  keys: DatasetKeys = defaultKeys,
): Promise<void> {
  const library = await ready
  library.activate_throwing_error_handler()
  await mkdir(dirname(path), { recursive: true })
  await makeWhole(path, async (part) => {
    const file = createFile(part)
    try {
      file.create_dataset({ name: keys.images, data: images, shape: [...shape], dtype: '<B' })
      const numbers = BigInt64Array.from(labels, BigInt)
      file.create_dataset({ name: keys.labels, data: numbers, shape: [labels.length], dtype: '<q' })
      if (classes) file.create_dataset({ name: keys.classes, data: [...classes] })
    } finally {
      file.close()
    }
  })
}

/**
 * The names given, and for the others those of the exercise's training file or, where the file has none of that name, of its
 * test file.
 *
 * @throws Error when this is no HDF5 file
 */
export async function findKeys(path: string, given: GivenKeys): Promise<DatasetKeys> {
  const file = await openDataset(path)
  try {
    const has = (prefix: string): boolean =>
      [given.images ?? `${prefix}_set_x`, given.labels ?? `${prefix}_set_y`].every(
        (key) => entryAt(file, key) instanceof Dataset,
      )
    const prefix = exercisePrefixes.find(has) ?? exercisePrefixes[0]
    return {
      images: given.images ?? `${prefix}_set_x`,
      labels: given.labels ?? `${prefix}_set_y`,
      classes: given.classes ?? defaultKeys.classes,
    }
  } finally {
    file.close()
  }
}

/** @throws Error that says what is wrong and lists what the file holds */
export async function readDataset(
  path: string,
  keys: DatasetKeys = defaultKeys,
): Promise<LabelledImages> {
  const file = await openDataset(path)
  try {
    const fail = (fault: string, advice = ''): never => {
      throw new Error(`${path}: ${fault}; the file holds ${describeFile(file)}${advice}`)
    }
    const find = (key: string): Dataset => {
      const found = entryAt(file, key)
      if (found instanceof Dataset) return found
      return fail(
        `there is no dataset "${key}"`,
        '; --images-key, --labels-key and --classes-key name others',
      )
    }
    const valuesOf = <T>(key: string, dataset: Dataset): T => {
      try {
        return dataset.value as T
      } catch {
        return fail(`"${key}" cannot be read, the file is damaged`)
      }
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
    const numbers = Array.from(valuesOf<ArrayLike<number | bigint>>(keys.labels, labels), Number)
    const list = entryAt(file, keys.classes) ? find(keys.classes) : null
    if (list && list.shape?.length !== 1) {
      fail(`"${keys.classes}" is ${describe(list)}, expected a list of names`)
    }
    const classes = list && namesOf(valuesOf(keys.classes, list))
    // Beyond 2^53 labels would run into each other.
    const most = classes ? classes.length - 1 : Number.MAX_SAFE_INTEGER
    const wrong = numbers.find((label) => label < 0 || label > most)
    if (wrong !== undefined) {
      fail(`"${keys.labels}" holds ${wrong}, expected 0 to ${most}`)
    }
    return {
      images: valuesOf(keys.images, images),
      shape: shape as [number, number, number, 3],
      labels: numbers,
      classes,
    }
  } finally {
    file.close()
  }
}

async function openDataset(path: string): Promise<File> {
  await access(path).catch(() => {
    throw new Error(`${path}: there is no such file`)
  })
  const library = await ready
  // Faults become errors here instead of pages of text on standard error.
  library.activate_throwing_error_handler()
  return openFile(path)
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

function createFile(path: string): File {
  try {
    return new File(path, 'w')
  } catch {
    throw new Error(`${path}: this file cannot be written`)
  }
}

/** Null where nothing of that name is, or a link to nothing. */
function entryAt(file: File, path: string): ReturnType<File['get']> {
  try {
    return file.get(path)
  } catch {
    return null
  }
}

/** Text as it is; the exercise's lists are of numbers. */
function namesOf(list: ArrayLike<string | number | bigint>): string[] {
  return Array.from(list, String)
}

/** By what h5wasm calls them, without the order of bytes; text has its length behind the letter. */
const typeNames: Readonly<Record<string, string>> = {
  b: 'int8',
  B: 'uint8',
  h: 'int16',
  H: 'uint16',
  i: 'int32',
  I: 'uint32',
  q: 'int64',
  Q: 'uint64',
  f: 'float32',
  d: 'float64',
  A: 'text',
  S: 'text',
}

function describe({ shape, dtype }: Dataset): string {
  const letter = typeof dtype === 'string' ? dtype.replace(/^[<>|]|\d+$/g, '') : null
  const type = letter === null ? 'of a compound type' : (typeNames[letter] ?? 'of another type')
  return `[${(shape ?? []).join(', ')}] ${type}`
}

/** Datasets by their paths, also those in groups. */
function describeFile(file: File): string {
  const entries = file.paths().flatMap((path) => {
    const entry = entryAt(file, path)
    if (entry instanceof Dataset) return [`${path} ${describe(entry)}`]
    if (entry instanceof BrokenSoftLink) return [`${path}, a link to nothing`]
    if (!(entry instanceof Group)) return [path]
    return entry.keys().length === 0 ? [`the empty group ${path}`] : []
  })
  return entries.length > 0 ? entries.join(', ') : 'nothing'
}
