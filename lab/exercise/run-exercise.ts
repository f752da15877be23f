/** The exercise from its first task to its last: what `npm run exercise` prints, section by section. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isH5Name } from '../../scripts/front/h5-name.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { buildKernels } from '../../scripts/kernels/build-kernels.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { makeSamples } from '../../scripts/setup/samples.ts'
import { importWeights } from '../../scripts/weights/import-weights.ts'
import { describeMisplaced } from '../../scripts/weights/misplaced-weights.ts'
import { networksWith } from '../../scripts/weights/networks.ts'
import { readChoices } from '../../scripts/weights/pack-choices.ts'
import { readIndex } from '../../scripts/weights/pack-network.ts'
import { packWeights } from '../../scripts/weights/pack-weights.ts'
import { packedEncoder } from '../../scripts/weights/packed-encoder.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import { createEngine, loadModels } from '../../src/engine/face-engine.ts'
import { describeDatabase } from './database.ts'
import { describeDataset } from './dataset.ts'
import { chooseThresholds, describeThreshold, keepClosed } from './door-threshold.ts'
import { enrollHousehold } from './household.ts'
import { describeLoss } from './loss.ts'
import { findExercisePhotos } from './photos.ts'
import { describeVerify } from './verify.ts'
import { describeWho } from './who.ts'

export interface ExerciseOptions {
  /** A folder of people; images/ or the samples unless given. */
  readonly folder: string | undefined
  /** One photo to look at in place of those of the folder. */
  readonly photo: string | undefined
  /** Whom it claims to show. */
  readonly person: string | undefined
  /** What a network decides by that nobody calibrated. */
  readonly uncalibrated: number | undefined
}

export interface Section {
  readonly title: string
  readonly lines: readonly string[]
}

/**
 * @param onSection gets each section as soon as it is done
 * @returns whether the loss is the exercise's
 */
export async function runExercise(
  { folder, photo, person, uncalibrated }: ExerciseOptions,
  onSection: (section: Section) => void,
): Promise<boolean> {
  const encoder = await prepare()
  const models = await loadModels(await nodeAssets())
  const engine = createEngine(models)
  const photos = await findExercisePhotos(folder ?? null)
  const probes = photo ? [{ file: photo }] : photos.probes
  const claims = photo ? (person ? [{ file: photo, person }] : []) : photos.claims

  const loss = describeLoss()
  onSection({ title: '1. triplet_loss', lines: loss.lines })

  const choice = chooseThresholds(models.encoder[0]!.network.table, engine.model, uncalibrated)
  const enrolled = await enrollHousehold(engine, choice.thresholds, photos.people)
  const house = keepClosed(choice, enrolled)
  onSection({
    title: `2. img_to_encoding: the database, from ${photos.origin}`,
    lines: [...photos.left, ...describeDatabase(house)],
  })

  if (claims.length > 0) {
    const lines = await describeVerify(house, engine, models, claims, photos.people)
    onSection({ title: '3. verify', lines })
  }
  onSection({ title: '4. who_is_it', lines: await describeWho(house, engine, probes) })
  onSection({ title: '5. The threshold', lines: describeThreshold(choice, house) })

  const datasets = join(projectRoot, 'datasets')
  const files = (await readdir(datasets).catch(() => [])).filter(isH5Name).sort()
  for (const file of files) {
    const lines = await describeDataset(join(datasets, file))
    onSection({ title: '6. load_dataset', lines })
  }
  const misplaced = await describeMisplaced(encoder.name)
  if (misplaced !== null) onSection({ title: 'weights/', lines: [misplaced] })
  return loss.isAsExpected
}

/** Enough for the pipeline in Node; what is up to date is left alone. */
async function prepare(): Promise<Encoder> {
  await buildKernels()
  const encoder = await packedEncoder()
  const indexes = await Promise.all(networksWith(encoder).map(({ name }) => readIndex(name)))
  if (indexes.includes(null)) {
    await importWeights()
    await packWeights(await readChoices(encoder))
  }
  await makeSamples()
  return encoder
}
