/**
 * Everything that the next epoch depends on, in one file that is replaced in one step: a run that was killed goes on as if
 * it had not been. Layout: magic, version, length of the JSON, JSON, then four arrays of float32, each as long as
 * parameters are trained: parameters, the two of Adam, the best parameters so far.
 */
import { readFile } from 'node:fs/promises'
import { writeWhole } from '../../scripts/files/write-whole.ts'
import type { AdamState } from './passes/adam.ts'

const magic = 0x4b434746 // "FGCK"
const version = 1
const headerBytes = 12

export interface EpochRecord {
  readonly loss: number
  readonly active: number
  readonly rate: number
  /** Area under the ROC curve of the validation pairs; null without any. */
  readonly area: number | null
}

/** What is written as JSON. */
export interface Progress {
  /** Choices of the run; a checkpoint of other choices is not taken up. */
  readonly choices: Readonly<Record<string, unknown>>
  /** One for each epoch that is done. */
  readonly history: readonly EpochRecord[]
  /** Epoch, from 1 on, whose weights are the best so far; 0 is the start. */
  readonly bestEpoch: number
  readonly adamSteps: number
  /** What the start was measured at. */
  readonly start: unknown
  /** Spent so far, by all attempts. */
  readonly seconds: number
}

export interface Checkpoint {
  readonly progress: Progress
  readonly parameters: Float32Array
  readonly adam: AdamState
  readonly best: Float32Array
}

export async function writeCheckpoint(
  path: string,
  { progress, parameters, adam, best }: Checkpoint,
): Promise<void> {
  const json = new TextEncoder().encode(JSON.stringify(progress))
  const header = new DataView(new ArrayBuffer(headerBytes))
  header.setUint32(0, magic, true)
  header.setUint32(4, version, true)
  header.setUint32(8, json.length, true)
  const arrays = [parameters, adam.first, adam.second, best].map(
    (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  )
  await writeWhole(path, Buffer.concat([new Uint8Array(header.buffer), json, ...arrays]))
}

/**
 * @param count parameters that are trained
 * @returns null when there is no such file
 * @throws Error when the file is damaged or belongs to another run; it names the choices that differ
 */
export async function readCheckpoint(
  path: string,
  count: number,
  choices: Progress['choices'],
): Promise<Checkpoint | null> {
  const bytes = await readFile(path).catch(() => null)
  if (!bytes) return null
  const header = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headerBytes))
  if (bytes.length < headerBytes || header.getUint32(0, true) !== magic) {
    throw new Error(`${path} is not a checkpoint; delete it to start over`)
  }
  const found = header.getUint32(4, true)
  if (found !== version) {
    throw new Error(
      `${path} is a checkpoint of version ${found}, expected ${version}; delete it to start over`,
    )
  }
  const jsonBytes = header.getUint32(8, true)
  const expected = headerBytes + jsonBytes + 16 * count
  const end = Math.min(bytes.length, headerBytes + jsonBytes)
  const progress = parse(bytes.subarray(headerBytes, end))
  const differing = progress && differences(progress.choices, choices)
  if (differing && differing.length > 0) {
    throw new Error(
      `${path} belongs to another run: ${differing.join(', ')}; repeat those choices, or delete it to start over`,
    )
  }
  if (!progress || bytes.length !== expected) {
    throw new Error(
      `${path} is damaged: ${bytes.length} bytes, expected ${expected}; delete it to start over`,
    )
  }
  const arrayAt = (index: number): Float32Array => {
    const first = headerBytes + jsonBytes + index * count * 4
    return new Float32Array(new Uint8Array(bytes.subarray(first, first + count * 4)).buffer)
  }
  return {
    progress,
    parameters: arrayAt(0),
    adam: { steps: progress.adamSteps, first: arrayAt(1), second: arrayAt(2) },
    best: arrayAt(3),
  }
}

function parse(json: Uint8Array): Progress | null {
  try {
    return JSON.parse(new TextDecoder().decode(json))
  } catch {
    return null
  }
}

function differences(before: Progress['choices'], now: Progress['choices']): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const [was, is] = [JSON.stringify(before[name]), JSON.stringify(now[name])]
    return was === is ? [] : [`${name} was ${was}, is ${is}`]
  })
}
