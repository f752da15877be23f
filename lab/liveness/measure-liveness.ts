/**
 * How many photos of live people the packed liveness networks score below the threshold: people whom LIVENESS=require would keep
 * out. It says nothing about attacks. The same photos can be scored once more as crude drawings
 * of a screen and of a print (recapture.ts), and as the attacks that the active check is measured on, held ahead (attacks.ts), to see
 * whether the score moves.
 */

import { readFile } from 'node:fs/promises'
import { progressBar } from '../../scripts/front/progress.ts'
import { findPhotos } from '../../scripts/photos/photos.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { createEngine, loadModels } from '../../src/engine/face-engine.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { locateLandmarks } from '../../src/face/landmarks.ts'
import { scoreLiveness } from '../../src/face/liveness.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf } from '../../src/image/similarity.ts'
import { headPoseOf } from '../../src/liveness/frames/head-pose.ts'
import { wilson } from '../learning/wilson.ts'
import { attackNames, drawAttack } from './drawn/attacks.ts'
import type { SourceFace } from './drawn/photo-mesh.ts'
import { onPaper, onScreen } from './drawn/recapture.ts'

interface Scores {
  readonly name: string
  readonly scores: number[]
  withoutFace: number
}

/** Null when no face is found. */
export function scoreMainFace(models: Models, photo: RgbImage): number | null {
  if (!models.liveness) throw new Error('no liveness networks are packed; run "npm run liveness"')
  const faces = findFaces(models.detector, photo)
  try {
    return scoreLiveness(models.liveness, photo, mainFace(faces, photo))
  } catch (error) {
    if (error instanceof FaceError) return null
    throw error
  }
}

/** One line of the table: how many scores lie below the threshold, and how they are spread. */
export function describeScores({ name, scores, withoutFace }: Scores, threshold: number): string {
  const sorted = [...scores].sort((left, right) => left - right)
  const below = sorted.filter((score) => !(score >= threshold)).length
  const [low, high] = wilson(below, sorted.length)
  const percent = (share: number): string => (100 * share).toFixed(1)
  const quantiles = [0.01, 0.05, 0.25, 0.5].map((at) =>
    (sorted[Math.floor(at * sorted.length)] ?? Number.NaN).toFixed(3),
  )
  return (
    `| ${name} | ${sorted.length} | ${withoutFace} | ${below} | ` +
    `${percent(below / sorted.length)} (${percent(low)} to ${percent(high)}) | ${quantiles.join(' | ')} |`
  )
}

/** Null for a photo without a face. */
type Redraw = (photo: RgbImage, seed: number) => RgbImage | null

function faceOn(models: Models, photo: RgbImage): SourceFace | null {
  const faces = findFaces(models.detector, photo)
  if (faces.length === 0) return null
  const face = mainFace(faces, photo)
  const landmarks = locateLandmarks(models.landmarks, photo, face)
  return { middle: meanOf(landmarks), size: headPoseOf({ landmarks, points: face.points }).size }
}

/** Prints the table. */
export async function measureLiveness(
  paths: readonly string[],
  threshold: number,
  redrawn: boolean,
): Promise<void> {
  const models = await loadModels({ ...(await nodeAssets()) })
  const photos = await findPhotos(paths)
  const scoresOf = (name: string): Scores => ({ name, scores: [], withoutFace: 0 })
  const looks: [Scores, Redraw][] = [[scoresOf('as they are'), (photo) => photo]]
  if (redrawn) {
    looks.push([scoresOf('redrawn as a screen'), onScreen])
    looks.push([scoresOf('redrawn as a print'), onPaper])
    for (const name of attackNames) {
      looks.push([
        scoresOf(`drawn: ${name}`),
        (photo, seed) => {
          const face = faceOn(models, photo)
          if (face === null) return null
          const held = { photo, face }
          return drawAttack(name, held, held, seed, 'ahead')
        },
      ])
    }
  }
  const bar = progressBar('scoring')
  bar.start(photos.length)
  for (const [seed, file] of photos.entries()) {
    const photo = await decodePhoto(new Uint8Array(await readFile(file)), models.codecs)
    for (const [found, redraw] of looks) {
      const seen = redraw(photo, seed)
      const score = seen && scoreMainFace(models, seen)
      if (score === null) found.withoutFace++
      else found.scores.push(score)
    }
    bar.step()
  }
  bar.stop()
  console.log(`
${createEngine(models).liveness?.model}, threshold ${threshold}; photos of live people, none of an attack

| photos | scored | without face | below | share, % (95 %) | 1 % | 5 % | 25 % | median |
|---|---|---|---|---|---|---|---|---|`)
  for (const [found] of looks) console.log(describeScores(found, threshold))
}
