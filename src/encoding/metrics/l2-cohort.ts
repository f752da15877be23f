/**
 * `l2-cohort`: the distance of the encodings' directions, corrected for crowding and for length. Some faces lie where many strangers
 * lie close together; there, a threshold that is right for most faces lets too many in, so distances from and to such faces are stretched.
 * It is adaptive score normalisation (Matejka et al., Interspeech 2017) with two differences: the cohort of strangers consists of means of
 * several people each (lab/accuracy/fit/fit-cohort.ts), so that nobody's encoding ships with the Worker; and it only stretches, since a face
 * unlike the whole cohort must not be let in more easily for that. Pure.
 */
import { z } from 'zod'
import { lengthOf, unitVector } from '../direction.ts'
import { directionFromText, directionToText } from '../direction-text.ts'
import { areOfOneLength, encodingLengthsText } from '../encoding.ts'
import type { MetricBehaviour, PreparedEncoding } from './behaviour.ts'

const directionText = z.string().transform((text, context) => {
  const direction = directionFromText(text)
  if (direction !== null) return direction
  const message = `expected ${encodingLengthsText}, as whole numbers of one byte in base64`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const cohort = z
  .strictObject({
    /** Unit vectors, each the mean direction of several people who resemble each other. */
    centres: z
      .array(directionText)
      .min(1)
      .refine(areOfOneLength, { error: 'the centres are of different lengths' })
      .readonly(),
    /** How many of the nearest centres tell how crowded a place is. */
    nearest: z.int().positive(),
    /** Median crowding of the faces of the fit: where it is less crowded than here, nothing is stretched. */
    floor: z.number(),
    /** How much the crowding above the floor counts: distances become exp(weight * crowding) times as long. */
    weight: z.number().min(0).max(20),
    /** Median length of the encodings of the fit. */
    usualLength: z.number().positive(),
    /** How much of the length counts: 0 nothing, 1 as in the L2 distance of the encodings as they are. */
    lengthPower: z.number().min(0).max(1),
  })
  .refine(({ centres, nearest }) => centres.length >= nearest, {
    error: 'there are fewer centres than are to be compared with',
  })
  .readonly()

const schema = z.strictObject({ kind: z.literal('l2-cohort'), cohort })

export type Cohort = z.output<typeof cohort>
type L2Cohort = z.output<typeof schema>

/** However short or long an encoding is, its length changes a distance by no more than this. */
const leastScale = 0.94
const largestScale = 1.06

export const l2Cohort: MetricBehaviour<L2Cohort, typeof schema> = {
  kind: 'l2-cohort',
  schema,
  toJson,
  prepare,
  leastScale,
  rows: 'unit length',
}

/** To seven digits, which is as many as a float32 has. */
function toJson({ kind, cohort: { centres, ...rest } }: L2Cohort) {
  const rounded = Object.entries(rest).map(([name, value]) => [name, Number(value.toPrecision(7))])
  return {
    kind,
    cohort: { ...Object.fromEntries(rounded), centres: centres.map(directionToText) },
  }
}

function prepare({ cohort }: L2Cohort, encoding: Float32Array): PreparedEncoding {
  const isOfTheFit = cohort.centres[0]?.length === encoding.length
  const direction = isOfTheFit ? unitVector(encoding) : encoding.map(() => Number.NaN)
  const above = crowdingAt(cohort, direction) - cohort.floor
  const byLength = (lengthOf(encoding) / cohort.usualLength) ** (cohort.lengthPower / 2)
  return {
    vector: direction,
    scale:
      Math.min(largestScale, Math.max(leastScale, byLength)) *
      Math.exp(cohort.weight * Math.max(0, above)),
  }
}

/**
 * Mean cosine to the nearest centres of the cohort: how near strangers come here.
 *
 * @param direction unit length
 */
export function crowdingAt(
  { centres, nearest }: Pick<Cohort, 'centres' | 'nearest'>,
  direction: Float32Array,
): number {
  const best = new Array<number>(nearest).fill(-1)
  for (const centre of centres) {
    const cosine = product(centre, direction)
    if (cosine > best[0]) {
      best[0] = cosine
      best.sort((a, b) => a - b)
    }
  }
  return best.reduce((sum, cosine) => sum + cosine, 0) / nearest
}

/** In four sums, which need not wait for each other: a search takes it of hundreds of records and all centres. */
function product(a: Float32Array, b: Float32Array): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0; i < a.length; i += 4) {
    s0 += a[i] * b[i]
    s1 += a[i + 1] * b[i + 1]
    s2 += a[i + 2] * b[i + 2]
    s3 += a[i + 3] * b[i + 3]
  }
  return s0 + s1 + s2 + s3
}
