/** One thread of cut-faces.ts: loads detector and landmarks once, then answers each photo with one square. */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { warpedPhoto } from '../../../scripts/photos/warped-photo.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { encoderNamed } from '../../../src/engine/encoders.ts'
import { chipKinds } from '../../../src/face/chips/chip-kinds.ts'
import { mainFace } from '../../../src/face/choose-face.ts'
import { findFaces } from '../../../src/face/find-faces.ts'
import { locateLandmarks } from '../../../src/face/landmarks.ts'
import { blazefaceFullRange } from '../../../src/face/networks/blazeface-full-range.ts'
import { faceLandmark68 } from '../../../src/face/networks/face-landmark-68.ts'
import { createCodecs } from '../../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { loadNetwork } from '../../../src/network/load.ts'
import type { CutFace, CutJob } from './cut-faces.ts'
import { widen } from './widen.ts'

const { encoder, squares }: CutJob = workerData
const align = chipKinds[encoderNamed(encoder).parts[0].chip]
const assets = await nodeAssets()
await startBackend(assets.backend)
const [detector, landmarkNetwork] = [
  await loadNetwork(blazefaceFullRange, await assets.packedNetwork(blazefaceFullRange)),
  await loadNetwork(faceLandmark68, await assets.packedNetwork(faceLandmark68)),
]
const codecs = createCodecs(assets.codecs)

async function cutFace(file: string): Promise<CutFace> {
  try {
    const photo = await decodePhoto(new Uint8Array(await readFile(file)), codecs)
    const face = mainFace(findFaces(detector, photo), photo)
    const landmarks = locateLandmarks(landmarkNetwork, photo, face)
    const place = widen(align(landmarks, squares.size), squares.margin)
    const square = warpedPhoto(photo, place, squares.size + 2 * squares.margin)
    return { file, square: square.data }
  } catch (error) {
    return { file, square: { error: error instanceof Error ? error.message : `${error}` } }
  }
}

parentPort?.on('message', async ({ index, file }: { index: number; file: string }) => {
  parentPort?.postMessage({ index, face: await cutFace(file) })
})
parentPort?.postMessage('ready')
