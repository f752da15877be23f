/**
 * Rules about light, and the focus that goes with it. The limits are where, on photos made worse step by step, many of the right people are refused, or twice as many
 * of the wrong ones let in (docs/accuracy.md, "How bad a photo may be").
 */
import { darkBelow } from '../encoder/lift-dark.ts'
import type { MeasureRule, Range } from './rule.ts'

/** A probe that is darker is in doubt: strangers who are both photographed in the dark resemble each other. */
const leastBrightness = 0.05
/** A probe that is brighter, as by a flash close by, is in doubt: nobody else comes near it, but of two such strangers some resemble each other. */
const mostBrightness = 0.93
const leastContrast = { probe: [0.035, Infinity], enrollment: [0.06, Infinity] } as const

/** Brightness below which want of light, not haze, leaves little contrast. */
const dimBelow = 0.2

export const lightRules: readonly MeasureRule[] = [
  {
    measure: 'brightness',
    code: 'face_too_dark',
    passes: { probe: [leastBrightness, Infinity], enrollment: [darkBelow, Infinity] },
    doubts: [0.02, leastBrightness],
    isOfLight: true,
    strictly: { probe: [darkBelow, leastBrightness], enrollment: [dimBelow, darkBelow] },
    message: (value, [least]) =>
      `The face has a brightness of ${round(value)}, at least ${least} is needed.`,
  },
  {
    measure: 'brightness',
    code: 'face_too_bright',
    passes: { probe: [-Infinity, mostBrightness], enrollment: [-Infinity, 0.88] },
    doubts: [mostBrightness, 0.96],
    isOfLight: true,
    message: (value, [, most]) =>
      `The face has a brightness of ${round(value)}, at most ${most} is allowed.`,
  },
  // What is dark is flat too, and more light helps both; wiping the lens would not. A dark probe is lifted before it is encoded.
  {
    measure: 'contrast',
    code: 'face_too_dark',
    when: ({ brightness }) => brightness < darkBelow,
    passes: leastContrast,
    doubts: [0.012, leastContrast.probe[0]],
    isOfLight: true,
    message: flatInTheDark,
  },
  {
    measure: 'contrast',
    code: 'face_too_dark',
    when: ({ brightness }) => brightness >= darkBelow && brightness < dimBelow,
    passes: leastContrast,
    isOfLight: true,
    message: flatInTheDark,
  },
  {
    measure: 'contrast',
    code: 'face_low_contrast',
    when: ({ brightness }) => brightness >= dimBelow,
    passes: leastContrast,
    message: (value, [least]) =>
      `The face has a contrast of ${round(value)}, at least ${least} is needed.`,
  },
  {
    measure: 'sharpness',
    code: 'face_too_blurry',
    passes: { probe: [0.15, Infinity], enrollment: [0.36, Infinity] },
    message: (value, [least]) =>
      `The face has a sharpness of ${round(value)}, at least ${least} is needed.`,
  },
]

function flatInTheDark(value: number, [least]: Range): string {
  return `The face is so dark that it has a contrast of ${round(value)}, at least ${least} is needed.`
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
