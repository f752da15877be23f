/** Runs the whole measurement of the active check and writes report.md and curve.svg. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toTable } from '../../scripts/front/markdown-table.ts'
import { buildDir } from '../../scripts/weights/networks.ts'
import type { TogetherLimits } from '../../src/decision/thresholds.ts'
import { poseFaultOf } from '../../src/liveness/asked-poses.ts'
import { areOnePicture, isMirrored, mirrorChip } from '../../src/liveness/copies.ts'
import { facePrintOf } from '../../src/liveness/frames/face-print.ts'
import { showOnePerson } from '../../src/liveness/one-person.ts'
import { areOneTake } from '../../src/liveness/turn-limits.ts'
import { readPairs } from '../datasets/pairs.ts'
import { plotSvg } from '../plots/plot-svg.ts'
import { attackKinds } from './drawn/attacks.ts'
import { createKeep } from './kept-pieces.ts'
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
  type Triple,
  triplesOf,
} from './measure-active.ts'
import { measurePieces } from './measure-pieces.ts'
import { prepare } from './prepare.ts'
import {
  type MeasuredTurn,
  measureRealTurns,
  observePeople,
  type PersonFrame,
} from './real-turns.ts'
import { judgeRecordings } from './recordings.ts'
import { reportActive } from './report-active.ts'
import { judgeTampered, turnsOf } from './taken-session.ts'
import { measureWebPhotos } from './web-photos.ts'

export async function measureActive(
  pairsFile: string,
  images: string,
  attacks: number,
  out: string,
): Promise<void> {
  const { observer, limits } = await prepare()
  const { together } = limits
  const files = labelledFiles(await readPairs(pairsFile, images))
  const inputs = [...files.map(({ file }) => file), `${attacks} attacks`]
  const keep = await createKeep(join(buildDir, 'liveness'), inputs)
  const frames = await keep('photos', () => observePeople(observer, files))
  const real = await keep('turns', () => measureRealTurns(frames))
  const sourcesOf = (people: readonly PersonFrame[]) =>
    people.map(({ file, fold }) => ({ file, fold }))
  const looking = frames.filter(({ frame }) => !poseFaultOf('ahead', frame.pose, frame.pose))
  const sources = { any: sourcesOf(frames), ahead: sourcesOf(looking) }
  const { runs, sessions, again } = await measurePieces(sources, attacks, keep)
  // Through the holes of a mask a real head is seen: what is a head and what is not is learned from the others.
  const pictures = runs.filter(({ name }) => !('cut' in attackKinds[name]))
  const made = sessions[0]!.taken.flatMap(turnsOf)
  const bases = { real, made, attacks: pictures.flatMap(({ posed }) => posed) }
  const folds = fitFolds(bases)
  const distanceOf = ({ ahead, turned }: MeasuredTurn): number =>
    apart(frames[ahead]!.encoding, frames[turned]!.encoding, together)
  const isMatch = (turn: MeasuredTurn): boolean => distanceOf(turn) <= together.each
  const sideways = real.filter(({ turn }) => turn === 'left' || turn === 'right')
  const nods = real.filter(({ turn }) => turn === 'up' || turn === 'down')
  const triples = triplesOf(real)
  const isHead = (triple: Triple) => triple.every((turn) => passes(turn, shippedLimits))
  const isOnePerson = (triple: Triple): boolean =>
    showOnePerson(
      ['ahead', ...triple.map(({ turn }) => turn)],
      [0, ...triple.map(distanceOf)],
      together,
    )
  const held = (fold: number) => folds.get(fold)!
  const shipped = () => shippedLimits
  const without = <T>(all: readonly T[], fine: (each: T) => boolean): Counted =>
    countOf(all, (each) => !fine(each))
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
      ['pairs, farther apart than any frame may be', without(real, isMatch)],
      ['to the side, farther apart', without(sideways, isMatch)],
      ['up or down, farther apart', without(nods, isMatch)],
      ['triples, as flat, shipped limits', refusedTriples(real, shippedLimits)],
      ['triples, as several people', without(triples, isOnePerson)],
      ['triples, in all', without(triples, (triple) => isHead(triple) && isOnePerson(triple))],
    ],
    attacks: runs.map((run) => [run.name, countAttack(run, folds, together)] as const),
    sessions,
    others: [
      ...otherPeople(frames, triples, together),
      ['the turned frame mirrored for the other side', mirrored(frames, sideways)],
      ['one frame sent twice', sentTwice(frames)],
      [
        'photos of different days, in the three poses asked for',
        countOf(triples, (triple) => isHead(triple) && isOnePerson(triple)),
      ],
      [
        'of these at the level one_take',
        countOf(
          triples,
          (triple) =>
            isHead(triple) &&
            isOnePerson(triple) &&
            triple.every(({ measures }) => areOneTake(measures)),
        ),
      ],
      ...judgeTampered(sessions[0]!.taken, together).map(
        ([what, counted]) => [`made heads: ${what}`, counted] as const,
      ),
    ],
    again,
    web: measureWebPhotos(frames, real, together),
    fitted: fitBoth(bases),
  })
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'report.md'), `${text}\n`)
  const curve = plotSvg({
    title: 'Attacks that pass, real heads that are refused',
    x: { label: 'real heads refused, % of pairs (BPCER)', range: [0, 15] },
    y: { label: 'attacks that pass, % of presentations (APCER)' },
    lines: curvesOf(bases, folds, pictures),
  })
  await writeFile(join(out, 'curve.svg'), curve)
  console.log(text)
  console.log(`report.md and curve.svg are in ${out}`)
}

export async function measureRecordings(folder: string): Promise<void> {
  const { observer, limits } = await prepare()
  const kinds = await judgeRecordings(observer, folder, limits.together)
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

/** Photos of other people in place of turned ones, whatever pose they show. */
function otherPeople(
  frames: readonly PersonFrame[],
  triples: readonly Triple[],
  limits: TogetherLimits,
): (readonly [what: string, counted: Counted])[] {
  const passing = (turned: readonly MeasuredTurn[], strangers: readonly number[]): boolean => {
    const { ahead } = turned[0]!
    const places = [...turned.slice(strangers.length).map((turn) => turn.turned), ...strangers]
    const distances = places.map((place) =>
      apart(frames[ahead]!.encoding, frames[place]!.encoding, limits),
    )
    const asked = ['ahead', ...turned.map(({ turn }) => turn)] as const
    return showOnePerson(asked, [0, ...distances], limits)
  }
  const [one, all] = [
    { count: 0, of: 0 },
    { count: 0, of: 0 },
  ]
  for (const [i, triple] of triples.entries()) {
    for (let step = 0; step < strangersEach; step++) {
      const place = (i + step * 97) % (frames.length - 1)
      const [first, second] = [frames[place]!, frames[place + 1]!]
      if (first.person === frames[triple[0].ahead]!.person) continue
      one.of++
      if (passing(triple, [place])) one.count++
      if (second.person !== first.person) continue
      all.of++
      if (passing(triple, [place, place + 1])) all.count++
    }
  }
  return [
    ['a different person in one of two turned frames', one],
    ['a different person in both', all],
  ]
}

/** Others for each sequence. */
const strangersEach = 200

function countOf<T>(all: readonly T[], is: (each: T) => boolean): Counted {
  return { count: all.filter(is).length, of: all.length }
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
