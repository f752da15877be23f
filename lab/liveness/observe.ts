/**
 * Photos as liveness sees them, through the detector, the landmark network and the gate of `/verify`. What the networks found in a
 * photo of a file is kept in build/liveness by its pixels and the pipeline, since attacks are drawn from it again and again.
 */
import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipelineHash } from '../../scripts/setup/pipeline-hash.ts'
import { buildDir } from '../../scripts/weights/networks.ts'
import { encodeChip, sumOf } from '../../src/encoder/encode.ts'
import { measureFace } from '../../src/engine/stages/measure-face.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { chipKinds } from '../../src/face/chips/chip-kinds.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import type { FacePoints } from '../../src/face/detect.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { type Landmarks, locateLandmarks } from '../../src/face/landmarks.ts'
import { faultOf, requireSureFace } from '../../src/gate/judge-face.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import { type Frame, frameOf } from '../../src/liveness/frames/frame.ts'

/** What the networks found. */
interface Found {
  readonly landmarks: Landmarks
  readonly points: FacePoints
}

export interface Observed extends Found {
  readonly image: RgbImage
  readonly frame: Frame
}

type Kept = (Found & { readonly photo: string }) | { readonly photo: string; readonly code: string }

export interface Observer {
  /** Null for a photo without a face that is good enough to be compared. */
  see(image: RgbImage): Observed | null
  seeFile(file: string): Promise<Observed | null>
  encode(observed: Observed): Float32Array
}

export async function createObserver(models: Models): Promise<Observer> {
  const cache = join(buildDir, 'liveness', `${(await pipelineHash()).slice(0, 16)}.ndjson`)
  await mkdir(dirname(cache), { recursive: true })
  const kept = await readKept(cache)
  const findOnce = (image: RgbImage): Kept => {
    const photo = createHash('sha256').update(`${image.width} `).update(image.data).digest('hex')
    const known = kept.get(photo)
    if (known) return known
    const line = { photo, ...find(models, image) }
    kept.set(photo, line)
    appendFileSync(cache, `${JSON.stringify(line)}\n`)
    return line
  }
  return {
    see: (image) => observed(image, find(models, image)),
    async seeFile(file) {
      const image = await decodePhoto(new Uint8Array(await readFile(file)), models.codecs)
      return observed(image, findOnce(image))
    },
    encode({ image, landmarks }) {
      return sumOf(
        models.encoder.map(({ network, chip }) => {
          const { size } = network.table.input
          return encodeChip(network, warp(image, chipKinds[chip](landmarks, size), size))
        }),
      )
    },
  }
}

function observed(image: RgbImage, found: Found | { readonly code: string }): Observed | null {
  if ('code' in found) return null
  const { landmarks, points } = found
  return { image, landmarks, points, frame: frameOf(image, landmarks, points) }
}

function find(models: Models, image: RgbImage): Found | { readonly code: string } {
  try {
    const face = mainFace(findFaces(models.detector, image), image)
    requireSureFace(face)
    const landmarks = locateLandmarks(models.landmarks, image, face)
    const { measures } = measureFace(image, { face, landmarks }, { face, landmarks, photo: image })
    const fault = faultOf(measures, 'probe')
    return fault ? { code: fault.code } : { landmarks, points: face.points }
  } catch (error) {
    if (error instanceof FaceError) return { code: error.code }
    throw error
  }
}

/** A line that a kill has torn is looked at again. */
async function readKept(cache: string): Promise<Map<string, Kept>> {
  const kept = new Map<string, Kept>()
  const text = await readFile(cache, 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    if (!line.endsWith('}')) continue
    const value = JSON.parse(line) as Kept
    kept.set(value.photo, value)
  }
  return kept
}
