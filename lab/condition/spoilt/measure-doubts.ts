/**
 * Probes in doubt, measured with several encoders: photos of people spoilt in every way, through the gate as it ships, against everybody
 * enrolled in their half of the people. Metric and thresholds of a half are fitted to the other half.
 */
import { writeFile } from 'node:fs/promises'
import { type DoubtFigures, doubtFiguresFile } from '../../../scripts/encoder/doubt-figures.ts'
import { progressBar } from '../../../scripts/front/progress.ts'
import { readPeople, requireSomebody } from '../../../scripts/photos/people.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { findEncoder } from '../../../scripts/weights/packed-encoder.ts'
import { prepareEncoding } from '../../../src/encoding/metrics/metric.ts'
import { loadModels } from '../../../src/engine/face-engine.ts'
import type { Models, RunningPart } from '../../../src/engine/stages/models.ts'
import { faultOf, isInDoubt, suspicionOf } from '../../../src/gate/judge-face.ts'
import { encodePhotos } from '../../accuracy/encoded-photos.ts'
import { asOnePerson } from '../../datasets/one-person.ts'
import { readPicture, startCompressing } from '../../datasets/picture-files.ts'
import { loadPacked, packedInTurn } from '../../encoders/packed-in-turn.ts'
import { type SeenFace, seeFace } from '../see-face.ts'
import { countDoubts, rightPeopleByWay, type SpoiltProbe } from './count-doubts.ts'
import {
  apart,
  choosePeople,
  dealHalves,
  judgeHalf,
  type Side,
  type Tried,
} from './held-out-half.ts'
import { spoilPicture, ways } from './spoilt-ways.ts'

export interface DoubtOptions {
  /** Folder of people. */
  readonly images: string
  readonly names: readonly string[]
  /** People whose photos are spoilt. */
  readonly count: number
  readonly seed: number
  readonly onePerson: readonly (readonly string[])[]
  /** As it was typed. */
  readonly command: string
}

/** The rate at which kinds are told apart. */
const kindsFmr = 0.001

/** Writes docs/accuracy/doubts.json. Returns what is in it. */
export async function measureDoubts(options: DoubtOptions): Promise<DoubtFigures> {
  const { images, names, count, seed, onePerson, command } = options
  const found = requireSomebody(images, await readPeople(images))
  const photos = asOnePerson(found.photos, onePerson)
  const halves = dealHalves(photos, seed)
  const encoders = await Promise.all(names.map(findEncoder))
  const judges = await packedInTurn(encoders, async () => {
    const encoded = await encodePhotos(photos)
    return { model: encoded.model, sides: halves.map((half) => judgeHalf(encoded, half)) }
  })
  const running = await loadPacked(encoders)
  const judged = judges.map(({ sides }, i) => ({ sides, encoder: running[i]! }))
  const tried = halves.map((_, half) =>
    choosePeople(
      photos,
      sidesOf(judged, half).map(({ side }) => side),
      Math.ceil(count / 2),
    ),
  )
  const { looked, doubted, probes } = await tryPhotos(judged, tried, seed)
  const right = probes.map((of) => rightPeopleByWay(of, kindsFmr))
  const figures: DoubtFigures = {
    command,
    date: new Date().toISOString().slice(0, 10),
    people: tried.flat().length,
    photos: looked,
    doubted: doubted.reduce((sum, ofWay) => sum + ofWay, 0),
    encoders: names.map((name, i) => ({
      name,
      model: judges[i]!.model,
      rates: countDoubts(probes[i]!),
    })),
    kindsFmr,
    ways: ways.map(({ kind, degree }, way) => ({
      kind,
      degree,
      doubted: doubted[way]!,
      matched: right.map((of) => of.get(way) ?? { sound: 0, doubted: 0 }),
    })),
  }
  await writeFile(doubtFiguresFile, `${JSON.stringify(figures, null, 2)}\n`)
  return figures
}

/** An encoder, and what it knows of each half. */
interface Judge {
  readonly encoder: readonly RunningPart[]
  readonly sides: readonly Side[]
}

function sidesOf(judges: readonly Judge[], half: number) {
  return judges.map(({ encoder, sides }) => ({ encoder, side: sides[half]! }))
}

/** @param tried people of each half */
async function tryPhotos(
  judges: readonly Judge[],
  tried: readonly (readonly Tried[])[],
  seed: number,
) {
  const models = await loadModels({ ...(await nodeAssets()), hasLiveness: false })
  await startCompressing()
  const bar = progressBar('trying spoilt photos')
  bar.start(tried.flat().length)
  const doubted = ways.map(() => 0)
  let looked = 0
  /** By encoder, then by half. */
  const probes = judges.map(({ sides }) =>
    sides.map(({ thresholds }) => ({ thresholds, probes: [] as SpoiltProbe[] })),
  )
  for (const [half, people] of tried.entries()) {
    for (const person of people) {
      for (const { way, isDoubt, face } of await spoiltFaces(models, person.probe, seed)) {
        looked++
        if (face === null) continue
        if (isDoubt) doubted[way]!++
        for (const [i, { encoder, side }] of sidesOf(judges, half).entries()) {
          const place = prepareEncoding(side.metric, face.probeBy(encoder))
          const suspicion = isDoubt ? undefined : suspicionOf(face.measures)
          const distances = apart(side, person, { place, suspicion })
          probes[i]![half]!.probes.push({
            person: person.person,
            way,
            isInDoubt: isDoubt,
            ...distances,
          })
        }
      }
      bar.step()
    }
  }
  bar.stop()
  return { looked, doubted, probes }
}

/** One photo, spoilt in every way; null where the gate refuses it. */
async function spoiltFaces(models: Models, file: string, seed: number) {
  const image = await readPicture(file, models.codecs)
  const face = seeFace(models, image)
  if (typeof face === 'string') return []
  const looks: { way: number; isDoubt: boolean; face: SeenFace | null }[] = []
  for (const [way, spoilt] of ways.entries()) {
    const seen = seeFace(models, await spoilPicture(spoilt, { file, image, face }, seed, models))
    if (typeof seen === 'string') {
      looks.push({ way, isDoubt: false, face: null })
      continue
    }
    const isDoubt = isInDoubt(seen.measures)
    const isCompared = isDoubt || faultOf(seen.measures, 'probe') === null
    looks.push({ way, isDoubt, face: isCompared ? seen : null })
  }
  return looks
}
