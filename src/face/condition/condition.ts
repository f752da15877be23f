/**
 * What makes a face unfit to compare although eyes, nose and mouth were found: something covers it, a lens too near distorts it, noise or
 * compression has left too little of it, it moved, or it is drawn. Each condition has a linear head over the features of the face's
 * picture, learned by `npm run learn-condition` from photos spoilt in that way. Pure.
 */
import { mapValues } from '../../lib/map-values.ts'
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

interface LoadedHead extends Omit<Head, 'weights'> {
  readonly weights: Int16Array
}

const usual: Usual = {
  means: new Float32Array(readBytes(learned.usual.means)),
  deviations: new Float32Array(readBytes(learned.usual.deviations)),
}
const heads = mapValues<keyof Condition, Head, LoadedHead>(learned.heads, (head) => ({
  ...head,
  weights: new Int16Array(readBytes(head.weights)),
}))

/** @param chip that quality is measured on, [150, 150, 3], values 0..255 */
export function measureCondition(chip: Float32Array): Condition {
  const off = offUsual(pictureFeatures(chip), usual)
  return mapValues(heads, ({ weights, scale, bias }) => {
    let sum = 0
    for (let i = 0; i < weights.length; i++) sum += off[i]! * weights[i]!
    return sum * scale + bias
  })
}

function readBytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer
}
