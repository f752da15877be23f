/**
 * Encoder and metric without the gate, as accuracy on LFW is usually told: every photo with a face is enrolled and compared, and none is held
 * strictly. What it differs by from the whole is the price of the gate.
 */
import type { EvaluationSet } from '../accuracy/compare-faces.ts'
import { type EncodedPhotos, encodePhotos } from '../accuracy/encoded-photos.ts'
import { type ListedRates, measure } from '../accuracy/measure.ts'

/**
 * @param sets whose metrics and thresholds for accuracy are kept
 * @throws Error when no set has listed pairs of strangers
 */
export async function measureWithoutGate(
  { faces, missed }: EncodedPhotos,
  sets: readonly EvaluationSet[],
): Promise<ListedRates> {
  const photos = [...faces, ...missed].map(({ file, person }) => ({ file, person }))
  const everybody = await encodePhotos(photos, { isGated: false })
  const { accuracy, rates } = measure(
    everybody,
    sets.map((set) => withEverybody(set, everybody)),
  ).measurement
  if (accuracy === null) throw new Error('the list has no pairs of strangers')
  return { accuracy: accuracy.mean, fnmr: rates.map(({ fmr, fnmr }) => ({ fmr, fnmr })) }
}

function withEverybody(set: EvaluationSet, { faces }: EncodedPhotos): EvaluationSet {
  const own = new Set([...set.faces, ...(set.missed ?? [])].map(({ file }) => file))
  return { ...set, faces: faces.filter(({ file }) => own.has(file)), missed: [] }
}
