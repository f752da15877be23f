/**
 * What makes a face unfit to compare although eyes, nose and mouth were found: something covers it, a lens too near distorts it, noise or
 * compression has left too little of it, it moved, or it is drawn. Each condition has a linear head over the features of the face's
 * picture, learned by `npm run learn-condition` from photos spoilt in that way. Pure.
 */
import learned from './heads.json' with { type: 'json' }
import { offUsual, type Usual } from './off-usual.ts'
import { pictureFeatures } from './picture-features.ts'

/** Each is below 0 for nearly all photos without the fault; the larger, the surer it is there. */
export interface Condition {
  readonly eyesCovered: number
  /** Tinted or shining lenses, strands of hair: the eyes are still seen, or half seen. */
  readonly eyesVeiled: number
  readonly mouthCovered: number
  readonly distorted: number
  readonly grainy: number
  readonly shaken: number
  readonly drawn: number
  readonly painted: number
}

interface Head {
  /** 16-bit integers in base64, of as many of the distances from what is usual as the head needs. */
  readonly weights: string
  readonly scale: number
  readonly bias: number
}

const usual: Usual = {
  means: new Float32Array(readBytes(learned.usual.means)),
  deviations: new Float32Array(readBytes(learned.usual.deviations)),
}
const heads = Object.entries(learned.heads satisfies Record<keyof Condition, Head>).map(
  ([name, { weights, scale, bias }]) =>
    [name, { weights: new Int16Array(readBytes(weights)), scale, bias }] as const,
)

/** @param chip that quality is measured on, [150, 150, 3], values 0..255 */
export function measureCondition(chip: Float32Array): Condition {
  const off = offUsual(pictureFeatures(chip), usual)
  const measured = heads.map(([name, { weights, scale, bias }]) => {
    let sum = 0
    for (let i = 0; i < weights.length; i++) sum += off[i]! * weights[i]!
    return [name, sum * scale + bias] as const
  })
  return Object.fromEntries(measured) as unknown as Condition
}

function readBytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer
}
