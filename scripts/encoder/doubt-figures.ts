/** What was measured of probes in doubt, with each encoder, in one run with one command: docs/accuracy/doubts.json. */
import { join } from 'node:path'
import { projectRoot } from '../front/project-root.ts'

export const doubtFiguresFile = join(projectRoot, 'docs', 'accuracy', 'doubts.json')

/** Shares of pairs, and of photos (`refused`), at the rate that was asked for. */
export interface DoubtRates {
  readonly fmr: number
  /** Strangers matched by probes in doubt, at their stricter threshold. */
  readonly strangers: number
  readonly strangersOfWorstWay: number
  /** The same if they had the threshold of sound ones. */
  readonly strangersAtFull: number
  readonly strangersOfWorstWayAtFull: number
  /** Of all strangers, matched by the one probe in doubt that matches most. */
  readonly strangersOfWorstProbe: number
  /** Right people refused with probes in doubt. */
  readonly refused: number
  /** Strangers matched by somebody who tries a photo in all ways: as compared, if no doubtful one were, if doubtful ones had the full threshold. */
  readonly byTrying: { readonly asIs: number; readonly refused: number; readonly full: number }
}

/** Of one person's photos, one a way, that match them. */
export interface RightPeople {
  /** Sound enough to be compared as usual. */
  readonly sound: number
  /** In doubt, at the stricter threshold. */
  readonly doubted: number
}

export interface DoubtFigures {
  readonly command: string
  readonly date: string
  readonly people: number
  /** Photos made of theirs, one a way. */
  readonly photos: number
  /** Of those, in doubt. */
  readonly doubted: number
  readonly encoders: readonly {
    readonly name: string
    readonly model: string
    readonly rates: readonly DoubtRates[]
  }[]
  /** The rate of what follows. */
  readonly kindsFmr: number
  readonly ways: readonly {
    readonly kind: string
    readonly degree: string
    readonly doubted: number
    /** By encoder. */
    readonly matched: readonly RightPeople[]
  }[]
}
