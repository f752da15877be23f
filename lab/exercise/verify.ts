/** The exercise's verify(photo, person) in lines: the distance, the threshold, and whether the door opens. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { distance } from '../../src/encoding/distance.ts'
import { encodeUnaligned } from '../../src/engine/encode-unaligned.ts'
import type { FaceEngine } from '../../src/engine/face-engine.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { verifyAtDoor } from './door.ts'
import type { Household } from './household.ts'
import type { NotebookCall } from './notebook.ts'
import type { Claim, PhotosOf } from './photos.ts'
import { encodeProbe, orRefusal } from './probe.ts'

/** @param photosOf everybody's photos, for the distance as the notebook takes it */
export async function describeVerify(
  house: Household,
  engine: FaceEngine,
  models: Models,
  claims: readonly Claim[],
  photosOf: PhotosOf,
): Promise<string[]> {
  const lines: string[] = []
  for (const claim of claims) {
    lines.push(
      `verify("${basename(claim.file)}", "${claim.person}")`,
      ...indent(await orRefusal(() => verifyClaim(house, engine, claim))),
    )
    if (claim.notebook) {
      const own = await asNotebook(models, claim, photosOf)
      lines.push(...indent([tellNotebook(claim.notebook), ...own]))
    }
  }
  return lines
}

async function verifyClaim(
  house: Household,
  engine: FaceEngine,
  { file, person }: Claim,
): Promise<string[]> {
  const verdict = await verifyAtDoor(house, person, await encodeProbe(engine, file))
  const measured = `distance ${verdict.distance.toFixed(4)}, threshold ${verdict.threshold.threshold.toFixed(4)}`
  if (house.keptClosed !== undefined)
    return [`${measured}. The door stays closed: ${house.keptClosed}.`]
  if (verdict.decision === 'match')
    return [`${measured}: It's ${person}, welcome home! The door opens.`]
  const why = verdict.isNearerToAnother ? ' Somebody else in the house is clearly nearer.' : ''
  return [`${measured}: It's not ${person}, please go away. The door stays closed.${why}`]
}

function tellNotebook({ distance, opens }: NotebookCall): string {
  return `by the exercise's text: distance ${distance}, the door ${opens ? 'opens' : 'stays closed'}`
}

/** The notebook aligns nothing; where this network takes the photos as they are, its distance can be compared. */
async function asNotebook(
  models: Models,
  { file, person }: Claim,
  photosOf: PhotosOf,
): Promise<string[]> {
  const [photo] = photosOf.get(person) ?? []
  const isItsNetwork = models.encoder[0]!.network.table.folder === 'nn4.small2'
  if (photo === undefined || !isItsNetwork) return []
  try {
    const [probe, known] = [await encodeAsIs(models, file), await encodeAsIs(models, photo)]
    return [
      `as the notebook takes it, without alignment: distance ${distance(probe, known).toFixed(6)}`,
    ]
  } catch (error) {
    if (error instanceof FaceError) return []
    throw error
  }
}

async function encodeAsIs(models: Models, file: string): Promise<Float32Array> {
  return await encodeUnaligned(models, new Uint8Array(await readFile(file)))
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
