/** What was measured of probes in doubt, with each encoder, in one run with one command: docs/accuracy/doubts.json. */
import { join } from 'node:path'
import { projectRoot } from '../weights/networks.ts'

export const doubtFiguresFile = join(projectRoot, 'docs', 'accuracy', 'doubts.json')

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
    /** Shares of pairs or of photos, at each rate that was asked for; lab/condition/count-doubts.ts says what each is. */
    readonly rates: readonly {
      readonly fmr: number
      readonly strangers: number
      readonly strangersOfWorstWay: number
      readonly strangersAtFull: number
      readonly strangersOfWorstWayAtFull: number
      readonly strangersOfWorstProbe: number
      readonly refused: number
      readonly byTrying: { readonly asIs: number; readonly refused: number; readonly full: number }
    }[]
  }[]
  /** The rate of what follows. */
  readonly kindsFmr: number
  readonly ways: readonly {
    readonly kind: string
    readonly degree: string
    readonly doubted: number
    /** Of the right people, by encoder: sound photos that match, and doubtful ones. */
    readonly matched: readonly { readonly sound: number; readonly doubted: number }[]
  }[]
}
