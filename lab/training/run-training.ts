/** A whole run: photos and weights in; epochs with a checkpoint after each; weights, curves and numbers out. */

import { createHash } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { makeFolderWhole, writeWhole } from '../../scripts/files/write-whole.ts'
import { progressBar } from '../../scripts/front/progress.ts'
import { toCsv } from '../../scripts/weights/csv.ts'
import { networkNamed } from '../../scripts/weights/networks.ts'
import { defaultFolder } from '../../scripts/weights/weights-folder.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { readPairs } from '../datasets/pairs.ts'
import { type EpochRecord, type Progress, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { readOrDraw, requireTrained } from './draw-missing.ts'
import { foldHead, headLayer, identityHead, withHead } from './passes/head.ts'
import { toCsvTensors } from './passes/parameters.ts'
import { type LabelledPhotos, photosOfFile, photosOfFolder } from './photos/labelled-photos.ts'
import { type PhotoPair, type Split, splitPhotos } from './photos/split.ts'
import { startTraining } from './start-training.ts'
import type { TrainChoices } from './train-choices.ts'
import { type Measured, type RunReport, writeReport } from './train-report.ts'
import { measureStatistics, type Training, trainEpoch } from './trainer.ts'
import { drawPairs, verify } from './verification.ts'

/**
 * @param command as it was typed, for the report
 * @param onEpoch called with how many are done and kept
 */
export async function runTraining(
  choices: TrainChoices,
  command: string,
  onEpoch: (done: number) => void = () => {},
): Promise<RunReport> {
  const began = performance.now()
  const base = networkNamed(choices.network)
  const table = choices.head ? withHead(base) : base
  const photos = await readPhotos(choices, base)
  const split = await splitOf(choices, photos)
  const { tensors, drawn } = await startWeights(choices, base)
  if (!choices.freezeDrawn) requireTrained(drawn, table, choices.head ? headLayer : choices.from)
  if (drawn.length > 0) console.log(`drawn: ${drawn.join(', ')}`)
  if (choices.head) tensors.set(`${headLayer}_w`, identityHead(base))
  await mkdir(choices.out, { recursive: true })

  const bar = progressBar('frozen layers')
  const training = await startTraining(
    {
      ...choices,
      table,
      from: choices.head ? headLayer : choices.from,
      tensors,
      photos,
      trainPhotos: split.train,
      otherPhotos: [...new Set([...split.validation, ...photosOf(split.test)])],
    },
    (count, total) => {
      bar.start(total)
      for (let i = 0; i < count; i++) bar.step()
    },
  ).finally(() => bar.stop())
  try {
    return await learn({ choices, command, photos, split, drawn, training, began, onEpoch })
  } finally {
    await training.learners.stop()
  }
}

interface Run {
  readonly choices: TrainChoices
  readonly command: string
  readonly photos: LabelledPhotos
  readonly split: Split
  readonly drawn: readonly string[]
  readonly training: Training
  /** performance.now() */
  readonly began: number
  readonly onEpoch: (done: number) => void
}

async function learn(run: Run): Promise<RunReport> {
  const { choices, photos, split, drawn, training, began } = run
  const { adam, learners } = training
  const parameters = training.parameters.values.subarray(training.start)
  const path = join(choices.out, 'checkpoint.bin')
  const validation = drawPairs(split.validation, photos.people, choices.seed)
  if (validation.length === 0) {
    console.log(
      'nobody is held back who makes a pair: all epochs run and the last one counts; --validation names people',
    )
  }
  const measuredPairs = split.test.length > 0 ? split.test : validation
  const measure = async (when: string): Promise<Measured[]> =>
    measuredPairs.length > 0 ? [{ when, roc: await verify(learners, measuredPairs) }] : []
  const areaNow = async (): Promise<number | null> =>
    validation.length > 0 ? (await verify(learners, validation)).area : null

  const kept = {
    ...choices,
    out: undefined,
    freezeDrawn: undefined,
    weightsHash: hashOf(training.parameters.values),
    photosHash: hashOf(new Uint8Array(photos.pixels), JSON.stringify(photos.people)),
  }
  const begun =
    (await takeUp(path, kept, training)) ?? (await beginAnew(kept, training, drawn, measure))
  const { best } = begun
  let { progress } = begun
  const options = { ...choices, only: choices.onlyDrawn ? drawn : null }
  const earlier = progress.seconds
  const secondsNow = (): number => earlier + (performance.now() - began) / 1000
  const bar = progressBar('training')
  bar.start(choices.epochs - progress.history.length)
  const history: EpochRecord[] = [...progress.history]
  let { bestEpoch } = progress
  const isBest = (area: number | null): boolean => {
    const before = bestEpoch > 0 ? history[bestEpoch - 1]!.area : null
    return area === null || before === null || area > before
  }
  while (history.length < choices.epochs && history.length - bestEpoch < choices.patience) {
    const result = await trainEpoch(training, options, history.length)
    const area = await areaNow()
    const better = isBest(area)
    history.push({ ...result, area })
    if (better) {
      bestEpoch = history.length
      best.set(parameters)
    }
    bar.step(noteOf(history.at(-1)!))
    progress = {
      ...progress,
      history,
      bestEpoch,
      adamSteps: adam.steps,
      seconds: secondsNow(),
    }
    await writeCheckpoint(path, { progress, parameters, adam, best })
    run.onEpoch(history.length)
  }
  bar.stop()
  parameters.set(best)
  const report: RunReport = {
    command: run.command,
    choices: { ...kept },
    drawn,
    counts: {
      photos: split.train.length,
      people: namesOf(split.train, photos).length,
      validationPhotos: split.validation.length,
      validationPairs: validation.length,
      testPairs: split.test.length,
    },
    people: { learned: namesOf(split.train, photos), heldBack: namesOf(split.validation, photos) },
    skipped: photos.skipped,
    history,
    bestEpoch,
    measuredOn: split.test.length > 0 ? 'listed pairs' : 'validation people',
    measured: [...(progress.start as Measured[]), ...(await measure('trained'))],
    seconds: secondsNow(),
    machine: `${cpus()[0]?.model}, ${choices.threads} threads, node ${process.versions.node}`,
  }
  await writeWeights(choices, training)
  await writeReport(choices.out, report)
  return report
}

/** Where a run stands, and the parameters of its best epoch. */
interface Begun {
  readonly progress: Progress
  readonly best: Float32Array
}

/** The run that the checkpoint was written by, in the parameters and Adam's moments; null where there is none. */
async function takeUp(
  path: string,
  kept: Progress['choices'],
  { parameters, start, adam }: Training,
): Promise<Begun | null> {
  const learned = parameters.values.subarray(start)
  const found = await readCheckpoint(path, learned.length, kept)
  if (!found) return null
  console.log(`taking up after epoch ${found.progress.history.length}`)
  learned.set(found.parameters)
  adam.steps = found.adam.steps
  adam.first.set(found.adam.first)
  adam.second.set(found.adam.second)
  return { progress: found.progress, best: found.best }
}

async function beginAnew(
  kept: Progress['choices'],
  training: Training,
  drawn: readonly string[],
  measure: (when: string) => Promise<Measured[]>,
): Promise<Begun> {
  const start = await measure('start')
  if (drawn.length > 0) {
    await measureStatistics(training)
    start.push(...(await measure('statistics measured')))
  }
  const best = training.parameters.values.slice(training.start)
  const progress = { choices: kept, history: [], bestEpoch: 0, adamSteps: 0, start, seconds: 0 }
  return { progress, best }
}

/** Alone in their folder, so that `npm run pack -- --weights OUT/weights` finds nothing else there. */
async function writeWeights(
  { head, out, network }: TrainChoices,
  { table, parameters }: Training,
): Promise<void> {
  const csv = toCsvTensors(table, parameters)
  await makeFolderWhole(join(out, 'weights'), async (folder) => {
    for (const [name, values] of head ? foldHead(networkNamed(network), csv) : csv) {
      await writeFile(join(folder, `${name}.csv`), toCsv(values))
    }
  })
  const headName = `${headLayer}_w`
  if (head) await writeWhole(join(out, `${headName}.csv`), toCsv(csv.get(headName)!))
}

async function readPhotos(choices: TrainChoices, table: NetworkTable): Promise<LabelledPhotos> {
  const found = await stat(choices.input).catch(() => null)
  if (!found) throw new Error(`${choices.input}: there is no such file or folder`)
  return found.isDirectory()
    ? photosOfFolder(choices.input, table.name, table.input.size)
    : photosOfFile(choices.input, choices.keys, table.input.size)
}

async function splitOf(
  { validation, seed, folds }: TrainChoices,
  { names, people }: LabelledPhotos,
): Promise<Split> {
  return splitPhotos(names, people, {
    validation,
    seed,
    ...(folds ? { folds: { ...folds, pairs: await readPairs(folds.file) } } : {}),
  })
}

async function startWeights(
  { weights, drawMissing, seed }: TrainChoices,
  table: NetworkTable,
): ReturnType<typeof readOrDraw> {
  const folder = weights ?? (await defaultFolder(table))
  return readOrDraw(table, folder, drawMissing ? seed : null)
}

/** So that a checkpoint is not taken up with other weights or photos under the same names. */
function hashOf(values: Float32Array | Uint8Array, text = ''): string {
  return createHash('sha256').update(values).update(text).digest('hex').slice(0, 16)
}

function photosOf(pairs: readonly PhotoPair[]): number[] {
  return pairs.flatMap(({ left, right }) => [left, right])
}

/** Who is on them, each once. */
function namesOf(numbers: readonly number[], { people }: LabelledPhotos): string[] {
  return [...new Set(numbers.map((photo) => people[photo]!))]
}

function noteOf({ loss, active, area }: EpochRecord): string {
  const share = `${Math.round(active * 100)} % active`
  return `loss ${loss.toFixed(4)}, ${share}${area === null ? '' : `, AUC ${area.toFixed(4)}`}`
}
