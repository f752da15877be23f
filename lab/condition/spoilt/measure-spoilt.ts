/**
 * What the gate is worth where both photos are spoilt alike: strangers who would match before it and after it, and what the right
 * person learns. The heads are learned from one half of the people and tried on the other, each way around, and on photos spoilt by
 * other code than they learned from.
 */
import { progressBar } from '../../../scripts/front/progress.ts'
import { readPeople, requireSomebody } from '../../../scripts/photos/people.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { findVerification } from '../../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { type Metric, prepareEncoding } from '../../../src/encoding/metrics/metric.ts'
import { loadModels } from '../../../src/engine/face-engine.ts'
import type { Models } from '../../../src/engine/stages/models.ts'
import { faultOf, isInDoubt, suspicionOf } from '../../../src/gate/judge-face.ts'
import type { Measures } from '../../../src/gate/rule.ts'
import type { ComparedFace } from '../../accuracy/rates/held-distance.ts'
import { readPicture } from '../../datasets/picture-files.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { collectPictures } from '../collect-pictures.ts'
import { conditionBy, type Heads, learnHeads } from '../learn-heads.ts'
import { type SeenFace, seeFace } from '../see-face.ts'
import { toDoubtTable } from './doubt-table.ts'
import { type KindResult, type Try, toSpoiltTable } from './spoilt-table.ts'
import { spoilPicture, ways } from './spoilt-ways.ts'

export interface SpoiltOptions {
  /** Folder of people. */
  readonly images: string
  /** People who are tried. */
  readonly count: number
  /** People of whom one photo is made unfit for the heads to learn from. */
  readonly spoilt: number
  readonly seed: number
}

interface Judge {
  readonly models: Models
  readonly metric: Metric
  readonly heads: Heads
}

/** Two photos of one person: one to be enrolled as it is, one to be spoilt. */
interface Person {
  readonly other: string
  readonly file: string
}

/** Two tables in Markdown. @throws Error when what is packed has no thresholds */
export async function measureSpoilt(options: SpoiltOptions): Promise<string> {
  const { images, count, spoilt, seed } = options
  const { photos } = requireSomebody(images, await readPeople(images))
  const byPerson = Map.groupBy(photos, ({ person }) => person)
  const names = new SeededRandom(seed, 'halves').shuffled([...byPerson.keys()])
  const models = await loadModels(await nodeAssets())
  const { threshold, metric } = findVerification(readCalibrationTable(), models.model, {
    encodings: 1,
  })
  const pictures = await collectPictures(photos, spoilt, seed)
  const halves: Try[][][] = []
  for (const side of [0, 1]) {
    const half = new Set(names.filter((_, i) => i % 2 === side))
    const heads = learnHeads(pictures.filter(({ person }) => !half.has(person)))
    const people = [...half]
      .filter((name) => byPerson.get(name)!.length > 1)
      .slice(0, Math.ceil(count / 2))
      .map((name): Person => {
        const [other, file] = byPerson.get(name)!
        return { other: other!.file, file: file!.file }
      })
    const bar = progressBar('trying spoilt photos')
    bar.start(people.length)
    const tries: Try[][] = []
    for (const person of people) {
      tries.push(await tryPerson({ models, metric, heads }, person, seed))
      bar.step()
    }
    bar.stop()
    halves.push(tries)
  }
  const rows = ways.map(
    ({ kind, degree }, i): KindResult => ({
      kind,
      degree,
      halves: halves.map((tries) => tries.map((of) => of[i]!)),
    }),
  )
  const tables = [toSpoiltTable(rows, threshold), toDoubtTable(rows, threshold)]
  return [`${models.model}, threshold ${threshold}`, ...tables].join('\n\n')
}

/** One photo, spoilt in every way. */
async function tryPerson(judge: Judge, person: Person, seed: number): Promise<Try[]> {
  const { models } = judge
  const reference = seeFace(models, await readPicture(person.other, models.codecs))
  const image = await readPicture(person.file, models.codecs)
  const face = seeFace(models, image)
  const own =
    typeof reference === 'string'
      ? null
      : placeOf(judge, reference, measuresOf(judge, reference)).enrolled
  const tries: Try[] = []
  for (const way of ways) {
    if (typeof face === 'string') {
      tries.push({ own, seen: null, probeCode: face, enrollmentCode: face })
      continue
    }
    const picture = await spoilPicture(way, { file: person.file, image, face }, seed, models)
    tries.push({ own, ...judgeFace(judge, seeFace(models, picture)) })
  }
  return tries
}

function judgeFace(judge: Judge, face: SeenFace | string): Omit<Try, 'own'> {
  if (typeof face === 'string') return { seen: null, probeCode: face, enrollmentCode: face }
  const measures = measuresOf(judge, face)
  return {
    seen: placeOf(judge, face, measures),
    probeCode: faultOf(measures, 'probe')?.code ?? null,
    enrollmentCode: faultOf(measures, 'enrollment')?.code ?? null,
    isInDoubt: isInDoubt(measures),
  }
}

/** As a probe, and as enrolled. */
function placeOf(
  { metric }: Judge,
  face: SeenFace,
  measures: Measures,
): Record<'probe' | 'enrolled', ComparedFace> {
  const { single, averaged } = face.encode()
  const suspicion = suspicionOf(measures)
  const place = (encoding: Float32Array): ComparedFace => ({
    place: prepareEncoding(metric, encoding),
    suspicion,
  })
  return { probe: place(single), enrolled: place(averaged) }
}

function measuresOf({ heads }: Judge, { measures, features }: SeenFace): Measures {
  return { ...measures, ...conditionBy(heads, features) }
}
