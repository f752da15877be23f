/**
 * The heads of src/face/condition, fitted to pictures of people and tried on people they were not fitted to. A head's limit is where
 * so few photos that are fit to be compared pass it. Pure.
 */

import type { Condition } from '../../src/face/condition/condition.ts'
import { offUsual, type Usual } from '../../src/face/condition/off-usual.ts'
import { mapValues } from '../../src/lib/map-values.ts'
import type { Picture } from './collect-pictures.ts'
import { heedLess } from './fit/heed-less.ts'
import { type Example, fitHead, type LinearHead, scoreOf } from './fit/linear-head.ts'
import { around, asItIs, good, light, ordinary, pictureKinds, window } from './picture-kinds.ts'

interface Lesson {
  /** Share of photos as they are, of good ones made of them, and of those in ordinary light, that the head may be wrong about. */
  readonly mostWrong: readonly [asTheyAre: number, good: number, inLight?: number]
  /** Whether it heeds how far a number is off to either side: cloth is light or dark, smooth or busy. */
  readonly toEitherSide?: boolean
  /**
   * What it learns of photos in other surroundings: that they are ordinary, or to heed less what differs from the same face in its own; nothing
   * unless given.
   */
  readonly surroundings?: 'ordinary' | 'heedLess'
  /** Share of photos as they are that have the fault, by their looks: those a first fit is surest of are not learned from; 0 unless given. */
  readonly faulty?: number
  /** So much above that the limit lies; 0 unless given. */
  readonly room?: number
}

const lessons: Readonly<Record<keyof Condition, Lesson>> = {
  // One in a hundred of LFW's photos as they are shows a person in dark glasses, so the head is right about most that it seems wrong about.
  eyesCovered: { mostWrong: [0.002, 0.01], room: -0.6 },
  // It refuses nothing: from its limit on a probe is held more strictly.
  eyesVeiled: { mostWrong: [0.002, 0.01], toEitherSide: true, faulty: 0.01, room: -7.3 },
  // Any higher, and hands and patches before the mouth pass more often.
  mouthCovered: { mostWrong: [0.0013, 0.01], toEitherSide: true, room: -0.5 },
  // A lens makes the edge of a face narrow, and so do hoods, headscarves and light from behind. Any higher, and strangers match by a lens more.
  distorted: { mostWrong: [0.003, 0.02], surroundings: 'heedLess', room: -0.8 },
  // Photos of checked cloth and snow around a face score higher than those learned from do.
  grainy: { mostWrong: [0.001, 0.02], surroundings: 'heedLess', room: 0.4 },
  // Soft photos of 96 pixels resemble shaken ones more than those learned from do, and photos of studios drawn ones.
  shaken: { mostWrong: [0.0005, 0.003], room: 0.6 },
  drawn: { mostWrong: [0, 0.002], room: 1.8 },
  // Faces that a program made, and those in blue light, score higher than LFW's.
  painted: {
    mostWrong: [0.001, 0.01, 0.02],
    toEitherSide: true,
    surroundings: 'ordinary',
    room: 1.2,
  },
}

/** What limits are set by. */
const fit = [asItIs, good, light] as const

export const headNames = Object.keys(lessons) as (keyof Condition)[]

export interface Heads {
  readonly usual: Usual
  /** Each is above 0 for what it refuses. */
  readonly heads: Readonly<Record<keyof Condition, LinearHead>>
}

export interface Learned extends Heads {
  /** Share of each kind of pictures that each head refuses of people that it was not fitted to. */
  readonly refused: ReadonlyMap<string, Readonly<Record<keyof Condition, number>>>
}

export function learnHeads(pictures: readonly Picture[]): Learned {
  const people = [...new Set(pictures.map(({ person }) => person))]
  const half = new Map(people.map((person, i) => [person, i % 2]))
  const classes = [0, 1].map((side) => {
    const isHeldOut = ({ person }: Picture): boolean => half.get(person) === side
    return {
      taught: lookedAt(pictures.filter((picture) => !isHeldOut(picture))),
      heldOut: pictures.filter(isHeldOut),
    }
  })
  const all = lookedAt(pictures)
  const learned = mapValues(lessons, ({ mostWrong, room = 0 }, name) => {
    const scores = new Map<Picture, number>()
    for (const { taught, heldOut } of classes) {
      const head = teach(taught, name)
      for (const picture of heldOut) {
        scores.set(picture, scoreOf(head, offUsual(picture.features, taught.usual)))
      }
    }
    const of = (kind: string): number[] =>
      pictures.filter((picture) => picture.kind === kind).map((picture) => scores.get(picture)!)
    const limit =
      room + Math.max(...mostWrong.map((share = 1, i) => exceededBy(of(fit[i]!), share)))
    const { weights, bias } = teach(all, name)
    const shareAbove = (kind: string): number =>
      of(kind).filter((score) => score > limit).length / of(kind).length
    return { head: { weights, bias: bias - limit }, shareAbove }
  })
  return {
    usual: all.usual,
    heads: mapValues(learned, ({ head }) => head),
    refused: new Map(
      [asItIs, ...pictureKinds.map(({ name }) => name)].map((kind) => [
        kind,
        mapValues(learned, ({ shareAbove }) => shareAbove(kind)),
      ]),
    ),
  }
}

export function conditionBy({ usual, heads }: Heads, features: Float32Array): Condition {
  const off = offUsual(features, usual)
  return mapValues(heads, (head) => scoreOf(head, off))
}

interface LookedAt {
  readonly file: string
  readonly kind: string
  readonly off: Float32Array
}

interface Lecture {
  readonly usual: Usual
  readonly pictures: readonly LookedAt[]
}

function lookedAt(pictures: readonly Picture[]): Lecture {
  const usual = usualOf(
    pictures.filter(({ kind }) => kind === asItIs).map(({ features }) => features),
  )
  return {
    usual,
    pictures: pictures.map(({ file, kind, features }) => ({
      file,
      kind,
      off: offUsual(features, usual),
    })),
  }
}

function usualOf(rows: readonly Float32Array[]): Usual {
  const means = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length)
  const deviations = means.map((mean, i) => {
    const squares = rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0)
    return Math.sqrt(squares / rows.length) + 1e-3
  })
  return { means, deviations }
}

const faultsOf = new Map(pictureKinds.map(({ name, faults }) => [name, faults]))
const learnersOf = new Map(pictureKinds.map(({ name, learners }) => [name, learners]))

function isLearnedBy(kind: string, head: keyof Condition): boolean {
  return learnersOf.get(kind)?.includes(head) ?? true
}

/**
 * Its kinds, photos as they are, good ones, ordinary ones, and all that are spoilt otherwise count equally, whatever their number. Whether paint
 * covers eyes or mouth, or looks drawn, the heads for those need not know. Photos before a window keep their scores where a head is made to heed
 * surroundings less: they resemble each other.
 */
function teach({ pictures }: Lecture, name: keyof Condition): LinearHead {
  const { toEitherSide, surroundings, faulty = 0 } = lessons[name]
  const heeded = (off: Float32Array): Float32Array =>
    toEitherSide ? off : off.subarray(0, off.length / 2)
  const groupOf = ({ kind }: LookedAt): Group => {
    if (kind === asItIs || kind === good) return kind
    if (ordinary.has(kind)) return 'ordinary'
    if (around.has(kind) || kind === window) {
      if (surroundings === 'ordinary') return 'ordinary'
      return kind === window ? window : 'around'
    }
    const faults = faultsOf.get(kind)!
    if (faults.includes(name)) return 'kind'
    return faults.includes('painted') ? 'unsure' : 'other'
  }
  const learned = pictures.filter(({ kind }) => isLearnedBy(kind, name))
  const groups = Map.groupBy(learned, groupOf)
  const those = (...names: Group[]): Float32Array[] =>
    names.flatMap((group) => (groups.get(group) ?? []).map(({ off }) => heeded(off)))
  const examples = ([asItIs, good, 'ordinary', 'kind', 'other'] as const).flatMap((group) =>
    those(group).map((features, _, { length }) => ({
      ...{ group, features },
      isKind: group === 'kind',
      weight: 1 / length,
    })),
  )
  const head = fitHead(faulty > 0 ? withoutFaulty(examples, faulty) : examples)
  if (surroundings !== 'heedLess') return head
  const known = { ordinary: those(asItIs, good, 'ordinary', window), ofKind: those('kind') }
  return heedLess(head, known, changesAround(pictures).map(heeded))
}

interface GroupExample extends Example {
  readonly group: Group
}

/** Without this share of the photos as they are: those that a head is surest of which learned from all. */
function withoutFaulty(examples: readonly GroupExample[], share: number): GroupExample[] {
  const first = fitHead(examples)
  const scores = examples.map(({ group, features }) =>
    group === asItIs ? scoreOf(first, features) : Number.NEGATIVE_INFINITY,
  )
  const most = exceededBy(
    scores.filter((score) => score > Number.NEGATIVE_INFINITY),
    share,
  )
  return examples.filter((_, i) => scores[i]! <= most)
}

type Group =
  | typeof asItIs
  | typeof good
  | typeof window
  | 'ordinary'
  | 'around'
  | 'kind'
  | 'unsure'
  | 'other'

/** From each photo to the same face in other surroundings. */
function changesAround(pictures: readonly LookedAt[]): Float32Array[] {
  const plain = new Map(
    pictures.filter(({ kind }) => kind === asItIs).map(({ file, off }) => [file, off]),
  )
  return pictures
    .filter(({ kind }) => around.has(kind))
    .map(({ file, off }) => off.map((value, i) => value - plain.get(file)![i]!))
}

/** The least limit that at most this share exceeds. */
function exceededBy(scores: readonly number[], share: number): number {
  return scores.toSorted((a, b) => b - a)[Math.floor(share * scores.length)]!
}
