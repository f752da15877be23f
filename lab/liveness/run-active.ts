/** Runs the whole measurement of the active check and writes report.md and curve.svg. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toTable } from '../../scripts/front/markdown-table.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { readCalibrationTable } from '../../src/decision/calibration.ts'
import { createThresholds, type Threshold } from '../../src/decision/thresholds.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import { poseFaultOf } from '../../src/liveness/asked-poses.ts'
import { areOnePicture, isMirrored, mirrorChip } from '../../src/liveness/copies.ts'
import { facePrintOf } from '../../src/liveness/face-print.ts'
import { areOneTake } from '../../src/liveness/turn-limits.ts'
import { readPairs } from '../datasets/pairs.ts'
import { plotSvg } from '../plots/plot-svg.ts'
import { runAttack } from './attack-turns.ts'
import { attackNames } from './attacks.ts'
import {
  apart,
  type Counted,
  countAttack,
  curvesOf,
  fitBoth,
  fitFolds,
  labelledFiles,
  passes,
  refusedTriples,
  refusedTurns,
  shippedLimits,
} from './measure-active.ts'
import { createObserver, type Observer } from './observe.ts'
import {
  type MeasuredTurn,
  measureRealTurns,
  observePeople,
  type PersonFrame,
} from './real-turns.ts'
import { judgeRecordings } from './recordings.ts'
import { reportActive } from './report-active.ts'
import { runSessions, type SessionRun } from './session-attacks.ts'
import { measureWebPhotos } from './web-photos.ts'

/** All frames of a sequence must show one person at the rate that a session takes for that. */
async function prepare(): Promise<{ observer: Observer; strict: Threshold }> {
  const models = await loadModels({ ...(await nodeAssets()) })
  const strict = createThresholds(readCalibrationTable).strictest(models.model)
  return { observer: await createObserver(models), strict }
}

export async function measureActive(
  pairsFile: string,
  images: string,
  attacks: number,
  out: string,
): Promise<void> {
  const { observer, strict } = await prepare()
  const frames = await observePeople(observer, labelledFiles(await readPairs(pairsFile, images)))
  const real = measureRealTurns(frames)
  const folds = fitFolds(real)
  const runs = []
  for (const name of attackNames) runs.push(await runAttack(observer, name, frames, attacks))
  const ahead = frames.filter(({ frame }) => !poseFaultOf('ahead', frame.pose, frame.pose))
  const sessions: SessionRun[] = []
  for (const kind of ['made head', ...attackNames] as const) {
    sessions.push(await runSessions(observer, kind, ahead, Math.ceil(attacks / 5), strict))
  }
  const isMatch = ({ ahead, turned }: MeasuredTurn): boolean =>
    apart(frames[ahead]!.encoding, frames[turned]!.encoding, strict) <= strict.threshold
  const sideways = real.filter(({ turn }) => turn === 'left' || turn === 'right')
  const nods = real.filter(({ turn }) => turn === 'up' || turn === 'down')
  const held = (fold: number) => folds.get(fold)!
  const shipped = () => shippedLimits
  const text = reportActive({
    people: new Set(frames.map(({ person }) => person)).size,
    photos: frames.length,
    refused: [
      ['pairs, all turns, held fold', refusedTurns(real, held)],
      ['to the side, held fold', refusedTurns(sideways, held)],
      ['up or down, held fold', refusedTurns(nods, held)],
      ['pairs, all turns, shipped limits', refusedTurns(real, shipped)],
      ['to the side, shipped limits', refusedTurns(sideways, shipped)],
      ['up or down, shipped limits', refusedTurns(nods, shipped)],
      ['triples: ahead, to the side, another turn', refusedTriples(real, shippedLimits)],
      [
        'pairs taken for two people at the strict rate',
        { count: real.filter((turn) => !isMatch(turn)).length, of: real.length },
      ],
    ],
    attacks: runs.map((run) => [run.name, countAttack(run, folds, strict)] as const),
    sessions,
    others: [
      ['a different person in the turned frame', otherPeople(frames, strict)],
      ['the turned frame mirrored for the other side', mirrored(frames, sideways)],
      ['one frame sent twice', sentTwice(frames)],
      [
        'two photos of different days, in the poses asked for',
        {
          count: real.filter((turn) => passes(turn, shippedLimits) && isMatch(turn)).length,
          of: real.length,
        },
      ],
      [
        'of these at the level one_take',
        {
          count: real.filter(
            (turn) => passes(turn, shippedLimits) && areOneTake(turn.measures) && isMatch(turn),
          ).length,
          of: real.length,
        },
      ],
    ],
    web: measureWebPhotos(frames, real, strict),
    fitted: fitBoth(real),
  })
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'report.md'), `${text}\n`)
  const curve = plotSvg({
    title: 'Attacks that pass, real heads that are refused',
    x: { label: 'real heads refused, % of pairs (BPCER)', range: [0, 15] },
    y: { label: 'attacks that pass, % of presentations (APCER)' },
    lines: curvesOf(real, runs),
  })
  await writeFile(join(out, 'curve.svg'), curve)
  console.log(text)
  console.log(`report.md and curve.svg are in ${out}`)
}

export async function measureRecordings(folder: string): Promise<void> {
  const { observer, strict } = await prepare()
  const kinds = await judgeRecordings(observer, folder, strict)
  console.log(
    toTable([
      ['kind', 'sequences', 'passed', 'share', 'refused for'],
      ...kinds.map(({ kind, sequences, passed, refused }) => [
        kind,
        `${sequences}`,
        `${passed}`,
        kind === 'live'
          ? `BPCER ${(100 * (1 - passed / sequences)).toFixed(1)} %`
          : `APCER ${((100 * passed) / sequences).toFixed(1)} %`,
        [...refused].map(([why, count]) => `${why}: ${count}`).join(', '),
      ]),
    ]),
  )
}

/** The next person's photo in place of the turned one. */
function otherPeople(frames: readonly PersonFrame[], strict: Threshold): Counted {
  let [count, of] = [0, 0]
  for (const [i, left] of frames.entries()) {
    for (let step = 1; step <= 20; step++) {
      const right = frames[(i + step * 97) % frames.length]!
      if (right.person === left.person) continue
      of++
      if (apart(left.encoding, right.encoding, strict) <= strict.threshold) count++
    }
  }
  return { count, of }
}

function sentTwice(frames: readonly PersonFrame[]): Counted {
  const unseen = frames.filter(({ frame }) => !areOnePicture(frame, frame))
  return { count: unseen.length, of: frames.length }
}

function mirrored(frames: readonly PersonFrame[], sideways: readonly MeasuredTurn[]): Counted {
  const turned = [...new Set(sideways.map(({ turned: place }) => place))]
  const unseen = turned.filter((place) => {
    const { frame } = frames[place]!
    const chip = mirrorChip(frame.chip)
    return !isMirrored(frame, { ...frame, chip, print: facePrintOf(chip) })
  })
  return { count: unseen.length, of: turned.length }
}
