/**
 * The heads of src/face/condition, fitted to pictures of people and tried on people they were not fitted to. A head's limit is where
 * so few photos that are fit to be compared pass it. Pure.
 */
import type { Condition } from '../../src/face/condition/condition.ts'
import { type Picture, type PictureKind, pictureKinds } from './collect-pictures.ts'
import { fitHead, type LinearHead, scoreOf } from './linear-head.ts'

interface Lesson {
  readonly kinds: readonly PictureKind[]
  /** Share of photos as they are, and of good ones made of them, that the head may be wrong about. */
  readonly mostWrong: readonly [asTheyAre: number, good: number]
}

const lessons: Readonly<Record<keyof Condition, Lesson>> = {
  eyesCovered: { kinds: ['glasses', 'glassesAndMask'], mostWrong: [0.002, 0.01] },
  mouthCovered: { kinds: ['mask', 'glassesAndMask'], mostWrong: [0.003, 0.01] },
  distorted: { kinds: ['nearLens'], mostWrong: [0.003, 0.02] },
  grainy: { kinds: ['noise', 'coarsePixels', 'compressed'], mostWrong: [0.001, 0.02] },
  shaken: { kinds: ['shake'], mostWrong: [0.0005, 0.003] },
  drawn: { kinds: ['portrait', 'posterize'], mostWrong: [0, 0.001] },
}

export const headNames = Object.keys(lessons) as (keyof Condition)[]

/** Each is above 0 for what it refuses. */
export type Heads = Readonly<Record<keyof Condition, LinearHead>>

export interface Learned {
  readonly heads: Heads
  /** Share of each kind of pictures that each head refuses of people that it was not fitted to. */
  readonly refused: ReadonlyMap<PictureKind, Readonly<Record<keyof Condition, number>>>
}

export function learnHeads(pictures: readonly Picture[]): Learned {
  const people = [...new Set(pictures.map(({ person }) => person))]
  const half = new Map(people.map((person, i) => [person, i % 2]))
  const learned = headNames.map((name) => {
    const lesson = lessons[name]
    const scores = new Map<Picture, number>()
    for (const side of [0, 1]) {
      const isHeldOut = ({ person }: Picture): boolean => half.get(person) === side
      const head = teach(
        pictures.filter((picture) => !isHeldOut(picture)),
        lesson,
      )
      for (const picture of pictures.filter(isHeldOut)) {
        scores.set(picture, scoreOf(head, picture.features))
      }
    }
    const of = (kind: PictureKind): number[] =>
      pictures.filter((picture) => picture.kind === kind).map((picture) => scores.get(picture)!)
    const limit = Math.max(
      ...(['asItIs', 'good'] as const).map((kind, i) => exceededBy(of(kind), lesson.mostWrong[i]!)),
    )
    const { weights, bias } = teach(pictures, lesson)
    const shareAbove = (kind: PictureKind): number =>
      of(kind).filter((score) => score > limit).length / of(kind).length
    return { name, head: { weights, bias: bias - limit }, shareAbove }
  })
  const byName = <T>(value: (head: (typeof learned)[number]) => T): Record<keyof Condition, T> =>
    Object.fromEntries(learned.map((one) => [one.name, value(one)])) as Record<keyof Condition, T>
  return {
    heads: byName(({ head }) => head),
    refused: new Map(
      pictureKinds.map((kind) => [kind, byName(({ shareAbove }) => shareAbove(kind))]),
    ),
  }
}

export function conditionBy(heads: Heads, features: Float32Array): Condition {
  return Object.fromEntries(
    headNames.map((name) => [name, scoreOf(heads[name], features)]),
  ) as unknown as Condition
}

/** Its kinds, photos as they are, good ones, and all that are spoilt otherwise count equally, whatever their number. */
function teach(pictures: readonly Picture[], { kinds }: Lesson): LinearHead {
  const groupOf = ({ kind }: Picture): string =>
    kinds.includes(kind) ? 'kind' : kind === 'asItIs' || kind === 'good' ? kind : 'other'
  const sizes = new Map<string, number>()
  for (const picture of pictures) {
    sizes.set(groupOf(picture), (sizes.get(groupOf(picture)) ?? 0) + 1)
  }
  return fitHead(
    pictures.map((picture) => ({
      features: picture.features,
      isKind: groupOf(picture) === 'kind',
      weight: 1 / sizes.get(groupOf(picture))!,
    })),
  )
}

/** The least limit that at most this share exceeds. */
function exceededBy(scores: readonly number[], share: number): number {
  return scores.toSorted((a, b) => b - a)[Math.floor(share * scores.length)]!
}
