/**
 * The known face of /health: a sample photo, and the encoding that the networks which are packed give it. Written by set-up and
 * by every change of what is packed, so that a Worker with other weights is never measured by the encoding of those before.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine, loadModels } from '../../src/engine/face-engine.ts'
import { buildDir } from '../weights/networks.ts'
import { nodeAssets } from './node-engine.ts'
import { pipelineHash } from './pipeline-hash.ts'
import { makeSamples, sampleProbe } from './samples.ts'

const knownFaceDir = join(buildDir, 'known-face')
/** Never removed. */
export const knownEncodingFile = join(knownFaceDir, 'encoding.json')

/** Writes it unless it is that of the packed networks. Returns true when it was written. */
export async function writeKnownFace(): Promise<boolean> {
  await makeSamples()
  const photo = new Uint8Array(await readFile(sampleProbe))
  const stampFile = join(knownFaceDir, 'stamp')
  const stamp = createHash('sha256')
    .update(await pipelineHash())
    .update(photo)
    .digest('hex')
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return false
  const engine = createEngine(await loadModels(await nodeAssets()))
  const { encoding } = await engine.encode(photo, { mirror: false, faces: 'only' })
  await mkdir(knownFaceDir, { recursive: true })
  await writeFile(join(knownFaceDir, 'photo.bin'), photo)
  await writeFile(knownEncodingFile, JSON.stringify(Array.from(encoding)))
  await writeFile(stampFile, stamp)
  return true
}
