/**
 * What makes a face unfit to compare although eyes, nose and mouth were found: something covers it, a lens too near distorts it, noise or
 * compression has left too little of it, it moved, or it is drawn. Each condition has a linear head over the features of the face's
 * picture, learned by `npm run learn-condition` from photos spoilt in that way. Pure.
 */
import heads from './heads.json' with { type: 'json' }
import { pictureFeatures } from './picture-features.ts'

/** Each is below 0 for nearly all photos without the fault; the larger, the surer it is there. */
export interface Condition {
  readonly eyesCovered: number
  readonly mouthCovered: number
  readonly distorted: number
  readonly grainy: number
  readonly shaken: number
  readonly drawn: number
}

interface Head {
  /** Of every feature, 16-bit integers in base64. */
  readonly weights: string
  readonly scale: number
  readonly bias: number
}

const learned = Object.entries(heads satisfies Record<keyof Condition, Head>).map(
  ([name, { weights, scale, bias }]) =>
    [name, { weights: readWeights(weights), scale, bias }] as const,
)

/** @param chip that quality is measured on, [150, 150, 3], values 0..255 */
export function measureCondition(chip: Float32Array): Condition {
  const features = pictureFeatures(chip)
  const measured = learned.map(([name, { weights, scale, bias }]) => {
    let sum = 0
    for (let i = 0; i < features.length; i++) sum += features[i]! * weights[i]!
    return [name, sum * scale + bias] as const
  })
  return Object.fromEntries(measured) as unknown as Condition
}

function readWeights(text: string): Int16Array {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  return new Int16Array(bytes.buffer)
}
