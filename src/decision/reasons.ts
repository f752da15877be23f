/**
 * Why a face does not match, where it is not the distance alone: it may be somebody else's, not live, or covered or spoilt. Reasons that
 * the person can mend, or that are nobody's attack, count as `near`, which is not a failure: they must not lock the right person out. What
 * looks like an attack counts as a failure, and so does every guess with a photo that is spoilt: it was compared. Pure.
 */
import { errorTable } from '../errors/error-table.ts'
import { type Doubt, doubtCodes } from './doubt.ts'

interface ReasonInfo {
  readonly means: string
  /** What the person who holds the phone can do. */
  readonly hint: string
  readonly counts: 'near' | 'no_match'
}

const ofDoubts = Object.fromEntries(
  doubtCodes.map((code): [Doubt, ReasonInfo] => {
    const { when: means, hint } = errorTable[code]
    return [code, { means, hint, counts: 'no_match' }]
  }),
) as Record<Doubt, ReasonInfo>

export const reasons = {
  nearer_to_another: {
    means: 'somebody else enrolled is clearly nearer',
    hint: 'Ask an administrator: two people are enrolled who look alike, or one person twice.',
    counts: 'near',
  },
  others_unknown: {
    means: 'some people cannot be compared, and one of them may be nearer',
    hint: 'Ask an administrator: some people have to be enrolled again.',
    counts: 'near',
  },
  look_ahead: {
    means: 'a photo that should look ahead does not',
    hint: 'Look straight at the camera.',
    counts: 'near',
  },
  turn_left: {
    means: 'the head is not turned to the left as far as asked',
    hint: 'Turn a little more to the left.',
    counts: 'near',
  },
  turn_right: {
    means: 'the head is not turned to the right as far as asked',
    hint: 'Turn a little more to the right.',
    counts: 'near',
  },
  look_up: {
    means: 'the head is not raised as far as asked',
    hint: 'Look up a little more.',
    counts: 'near',
  },
  look_down: {
    means: 'the head is not lowered as far as asked',
    hint: 'Look down a little more.',
    counts: 'near',
  },
  come_nearer: {
    means: 'the face did not come as near as asked',
    hint: 'Bring the phone a little nearer.',
    counts: 'near',
  },
  turned_too_far: {
    means: 'the head is turned farther than asked, or at a slant',
    hint: 'Turn back a little, straight in the direction of the arrow.',
    counts: 'near',
  },
  too_near: {
    means: 'the face is nearer than asked',
    hint: 'Hold the phone a little farther away.',
    counts: 'near',
  },
  other_person: {
    means: 'the photos do not all show one person',
    hint: 'Make sure that only you are in the picture, in good light.',
    counts: 'no_match',
  },
  seen_before: {
    means: 'two photos are the same picture, or one was sent before',
    hint: 'Take new photos in the app.',
    counts: 'no_match',
  },
  other_photo: {
    means: 'a photo is not the one announced for its pose',
    hint: 'Take new photos in the app.',
    counts: 'no_match',
  },
  not_one_take: {
    means: 'the photos do not agree as those of one take do, and the session asks for `one_take`',
    hint: 'Take all photos one after the other, in one place and light.',
    counts: 'no_match',
  },
  flat: {
    means: 'the face did not move between the photos as a head does',
    hint: 'Turn your head, not the phone, in even light.',
    counts: 'no_match',
  },
  ...ofDoubts,
} as const

export type Reason = keyof typeof reasons

export const reasonCodes = Object.keys(reasons) as [Reason, ...Reason[]]
