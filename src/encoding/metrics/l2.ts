/** `l2`: the distance of the encodings as they are. Nothing is fitted to faces, so it serves models that nobody calibrated too. Pure. */
import { z } from 'zod'
import { isUsableEncoding } from '../encoding.ts'
import type { MetricBehaviour } from './behaviour.ts'

const schema = z.strictObject({ kind: z.literal('l2') })

export const l2: MetricBehaviour<z.output<typeof schema>, typeof schema> = {
  kind: 'l2',
  schema,
  toJson: (metric) => metric,
  prepare: (_, encoding) => ({
    vector: isUsableEncoding(encoding) ? encoding : encoding.map(() => Number.NaN),
    scale: 1,
  }),
  leastScale: 1,
  rows: 'as they are',
}
