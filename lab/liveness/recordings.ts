/**
 * One's own recordings, judged as a session would: FOLDER/KIND/SEQUENCE/0-ahead.jpg, 1-left.jpg and so on. The kind `live` holds
 * live people, every other one an attack by its name.
 */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CommandFault } from '../../scripts/front/fault.ts'
import { listFolder } from '../../scripts/photos/photos.ts'
import type { TogetherLimits } from '../../src/decision/thresholds.ts'
import { type AskedPose, askedPoses } from '../../src/liveness/asked-poses.ts'
import type { Observer } from './observe.ts'
import { judgeTaken, type Shot } from './taken-session.ts'

/** What became of the sequences of one kind: how many ended in what. */
export interface RecordedKind {
  readonly kind: string
  readonly sequences: number
  readonly passed: number
  /** By what they were refused for. */
  readonly refused: ReadonlyMap<string, number>
}

const namePattern = new RegExp(`^(\\d+)-(${askedPoses.join('|')})\\.`)

export async function judgeRecordings(
  observer: Observer,
  folder: string,
  limits: TogetherLimits,
): Promise<RecordedKind[]> {
  const kinds: RecordedKind[] = []
  for (const kind of await foldersIn(folder)) {
    const refused = new Map<string, number>()
    const sequences = await foldersIn(join(folder, kind))
    let passed = 0
    for (const sequence of sequences) {
      const fault = await judgeSequence(observer, join(folder, kind, sequence), limits)
      if (fault === null) passed++
      else refused.set(fault, (refused.get(fault) ?? 0) + 1)
    }
    kinds.push({ kind, sequences: sequences.length, passed, refused })
  }
  if (kinds.length === 0)
    throw new CommandFault(`${folder}: there is no folder KIND/SEQUENCE in it`)
  return kinds
}

/** Null when it passes. */
async function judgeSequence(
  observer: Observer,
  folder: string,
  limits: TogetherLimits,
): Promise<string | null> {
  const { photos } = await listFolder(folder)
  const steps = photos.map((file) => ({ file, place: placeOf(file) }))
  steps.sort((left, right) => left.place.step - right.place.step)
  if (steps[0]?.place.pose !== 'ahead') {
    throw new CommandFault(`${folder}: expected 0-ahead and what follows, one photo a step`)
  }
  const shots: Shot[] = []
  for (const { file } of steps) {
    const seen = await observer.seeFile(file)
    if (seen === null) return 'no face to compare'
    shots.push({ frame: seen.frame, encoding: observer.encode(seen) })
  }
  const { fault } = judgeTaken({ asked: steps.map(({ place }) => place.pose), shots }, limits)
  if (fault === null) return null
  return fault.kind === 'pose' ? `pose: ${fault.asked} ${fault.fault}` : fault.kind
}

function placeOf(file: string): { step: number; pose: AskedPose } {
  const [, step, pose] = namePattern.exec(basename(file)) ?? []
  if (step === undefined) {
    throw new CommandFault(
      `${file}: expected a name such as 0-ahead.jpg; poses are ${askedPoses.join(', ')}`,
    )
  }
  return { step: Number(step), pose: pose as AskedPose }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}
