/**
 * Networks as `@vladmandic/face-api` ships them -> weights/<network>/<tensor>.csv, the layout of the FaceNet exercise.
 * A network whose source has not changed since the last run is left alone.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { toCsvOrder } from '../../src/network/fold.ts'
import {
  type CsvTensor,
  csvTensorsOf,
  filterShape,
  isWeighted,
  type NetworkTable,
  type WeightedLayer,
} from '../../src/network/table.ts'
import { progressBar } from '../front/progress.ts'
import { toCsv } from './csv.ts'
import { buildDir, networks, weightsDir } from './networks.ts'

/** Raised when the files that this script writes change their contents or layout. */
const importVersion = 1

/** The package's file for a network, and its name for each of our tensors. */
const sources: Readonly<
  Record<string, { file: string; nameOf(layer: WeightedLayer, suffix: string): string }>
> = {
  'dlib-resnet': {
    file: 'face_recognition_model',
    nameOf(layer, suffix) {
      if (layer.op === 'dense') return layer.name
      const path = layer.name.replace(/_(conv\d)$/, '/$1')
      const part = {
        w: 'conv/filters',
        b: 'conv/bias',
        scale_w: 'scale/weights',
        scale_b: 'scale/biases',
      }[suffix]
      return `${path}/${part}`
    },
  },
  'tiny-face-detector': { file: 'tiny_face_detector_model', nameOf: separableName },
  'face-landmark-68': { file: 'face_landmark_68_model', nameOf: separableName },
}

function separableName(layer: WeightedLayer, suffix: string): string {
  const path = layer.name.replace(/_depthwise$/, '').replace(/_(conv\d)$/, '/$1')
  if (suffix === 'b') return `${path}/bias`
  if (layer.op === 'depthwise') return `${path}/depthwise_filter`
  if (layer.op === 'dense') return `${path}/weights`
  return layer.op === 'conv' && layer.kernel[0] === 1 && path !== 'conv8'
    ? `${path}/pointwise_filter`
    : `${path}/filters`
}

interface ManifestWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly quantization?: { readonly dtype: 'uint8'; readonly scale: number; readonly min: number }
}

/** Imports every network whose source changed. Returns the names of those that were written. */
export async function importWeights(): Promise<string[]> {
  const require = createRequire(import.meta.url)
  const modelDir = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model')
  const written: string[] = []
  const bar = progressBar('importing weights')
  const stale: { table: NetworkTable; manifest: string; weights: Buffer; hash: string }[] = []
  for (const table of networks) {
    const source = sources[table.name]
    if (!source) continue
    const manifest = await readFile(join(modelDir, `${source.file}-weights_manifest.json`), 'utf8')
    const weights = await readFile(join(modelDir, `${source.file}.bin`))
    const hash = createHash('sha256')
      .update(`${importVersion}`)
      .update(manifest)
      .update(weights)
      .digest('hex')
    if (!(await isCurrent(table, hash))) stale.push({ table, manifest, weights, hash })
  }
  bar.start(stale.flatMap(({ table }) => table.layers.filter(isWeighted)).length)
  for (const { table, manifest, weights, hash } of stale) {
    const tensors = readManifest(JSON.parse(manifest)[0].weights, weights)
    await writeNetwork(table, tensors, () => bar.step())
    await mkdir(join(buildDir, 'imported'), { recursive: true })
    await writeFile(stampFile(table), JSON.stringify({ hash, files: await filesOf(table) }))
    written.push(table.name)
  }
  bar.stop()
  return written
}

async function writeNetwork(
  table: NetworkTable,
  tensors: ReadonlyMap<string, Float32Array>,
  onLayer: () => void,
): Promise<void> {
  const folder = join(weightsDir, table.name)
  await mkdir(folder, { recursive: true })
  const used = new Set<string>()
  for (const layer of table.layers.filter(isWeighted)) {
    for (const tensor of csvTensorsOf(layer)) {
      const name = sources[table.name]!.nameOf(layer, tensor.name.slice(layer.name.length + 1))
      const values = tensors.get(name)
      if (values?.length !== sizeOf(tensor)) {
        throw new Error(
          `${table.name}: ${name} has ${values?.length} numbers, expected ${sizeOf(tensor)}`,
        )
      }
      used.add(name)
      const isFilter = tensor.name === `${layer.name}_w` && filterShape(layer).length > 1
      await writeFile(
        join(folder, `${tensor.name}.csv`),
        toCsv(isFilter ? toCsvOrder(layer, values) : values),
      )
    }
    onLayer()
  }
  const unused = [...tensors.keys()].filter((name) => !used.has(name))
  if (unused.length > 0) throw new Error(`${table.name}: nothing reads ${unused.join(', ')}`)
}

/** tfjs's weights manifest: tensors one after the other, float32 or bytes that stand for min + scale * byte. */
function readManifest(
  specs: readonly ManifestWeight[],
  weights: Buffer,
): Map<string, Float32Array> {
  let offset = 0
  return new Map(
    specs.map(({ name, shape, quantization }) => {
      const count = shape.reduce((product, side) => product * side, 1)
      const length = quantization ? count : count * 4
      const bytes = weights.subarray(offset, offset + length)
      if (bytes.length !== length) throw new Error(`${name}: the source file ends early`)
      offset += length
      if (!quantization) return [name, new Float32Array(new Uint8Array(bytes).buffer)]
      const { scale, min } = quantization
      return [name, Float32Array.from(bytes, (byte) => byte * scale + min)]
    }),
  )
}

async function isCurrent(table: NetworkTable, hash: string): Promise<boolean> {
  try {
    const stamp = JSON.parse(await readFile(stampFile(table), 'utf8'))
    return (
      stamp.hash === hash && JSON.stringify(stamp.files) === JSON.stringify(await filesOf(table))
    )
  } catch {
    return false
  }
}

async function filesOf(table: NetworkTable): Promise<string[]> {
  return (await readdir(join(weightsDir, table.name))).sort()
}

function stampFile(table: NetworkTable): string {
  return join(buildDir, 'imported', `${table.name}.json`)
}

function sizeOf({ shape }: CsvTensor): number {
  return shape.reduce((product, side) => product * side, 1)
}
