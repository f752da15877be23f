/**
 * The heads of src/face/condition: fitted to pictures of people, and tried on people they were not fitted to. A head's limit is where
 * so few photos that are fit to be compared pass it.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { projectRoot } from '../../scripts/weights/networks.ts'
import type { Condition } from '../../src/face/condition/condition.ts'
import {
  collectPictures,
  type Picture,
  type PictureKind,
  pictureKinds,
} from './collect-pictures.ts'
import { fitHead, type LinearHead, scoreOf } from './linear-head.ts'

export const headsFile = join(projectRoot, 'src', 'face', 'condition', 'heads.json')

interface Lesson {
  readonly kinds: readonly PictureKind[]
  /** Share of photos as they are, and of good ones made of them, that the head may be wrong about. */
  readonly mostWrong: readonly [asTheyAre: number, good: number]
}

const lessons: Readonly<Record<keyof Condition, Lesson>> = {
  eyesCovered: { kinds: ['glasses', 'glassesAndMask'], mostWrong: [0.0028, 0.01] },
  mouthCovered: { kinds: ['mask', 'glassesAndMask'], mostWrong: [0.0012, 0.01] },
  distorted: { kinds: ['nearLens'], mostWrong: [0.0016, 0.01] },
  grainy: { kinds: ['noise', 'coarsePixels', 'compressed'], mostWrong: [0.0008, 0.015] },
  shaken: { kinds: ['shake'], mostWrong: [0.0014, 0.01] },
  drawn: { kinds: ['portrait', 'posterize'], mostWrong: [0.0002, 0.005] },
}

/** Writes the heads; a table in Markdown of what each would refuse of people it was not fitted to. */
export async function learnCondition(
  photos: readonly PersonPhoto[],
  { spoilt, seed }: { readonly spoilt: number; readonly seed: number },
): Promise<string> {
  const pictures = await collectPictures(photos, spoilt, seed)
  const people = [...new Set(pictures.map(({ person }) => person))]
  const half = new Map(people.map((person, i) => [person, i % 2]))
  const heads: Record<string, { weights: string; scale: number; bias: number }> = {}
  const shares = new Map<PictureKind, string[]>(pictureKinds.map((kind) => [kind, []]))
  for (const [name, lesson] of Object.entries(lessons)) {
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
    for (const kind of pictureKinds) {
      const above = of(kind).filter((score) => score > limit).length
      shares.get(kind)!.push(`${((100 * above) / of(kind).length).toFixed(1)} %`)
    }
    const { weights, bias } = teach(pictures, lesson)
    const scale = Math.max(...weights.map(Math.abs)) / 32767
    heads[name] = {
      weights: Buffer.from(
        Int16Array.from(weights, (weight) => Math.round(weight / scale)).buffer,
      ).toString('base64'),
      scale,
      bias: bias - limit,
    }
  }
  await writeFile(headsFile, `${JSON.stringify(heads, null, 2)}\n`)
  const names = Object.keys(lessons)
  return [
    `| ${pictures.length} pictures of ${people.length} people | ${names.join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...pictureKinds.map((kind) => `| ${kind} | ${shares.get(kind)!.join(' | ')} |`),
  ].join('\n')
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
