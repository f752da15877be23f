/**
 * Drops faces that only the detector sees, such as a fold of a curtain, a pattern, or somebody far out of focus, as long as another one
 * is surely a face: there the landmark network finds eyes, nose and mouth far from where the detector does. A person in profile stays,
 * since both see them near the same places.
 */
import { disagreement, mostDisagreement } from '../../face/agreement.ts'
import { otherTurns } from '../../face/confirm-face.ts'
import type { FoundFace } from '../../face/detect.ts'
import { locateLandmarks } from '../../face/landmarks.ts'
import type { Network } from '../../network/load.ts'
import { faceInView, type View } from './view.ts'

/** Distances between the eyes. Of 900 people of LFW none disagrees so much (at most 0.85), of 100 bystanders 19, all of them blurred. */
const phantomDisagreement = 1

/** Looks cost: of more faces the smaller ones stay, whatever they are, and a photo with so many shows no one person. */
const mostLookedAt = 10

interface Networks {
  readonly detector: Network
  readonly landmarks: Network
}

/** @param found in pixels of the photo */
export function withoutPhantoms(
  { detector, landmarks: network }: Networks,
  whole: View,
  found: readonly FoundFace[],
): readonly FoundFace[] {
  if (found.length < 2) return found
  const apartAt = (face: FoundFace): number =>
    disagreement(locateLandmarks(network, whole.image, face), face)
  const seen = largest(found).map((face) => {
    const inView = faceInView(face, whole)
    return { face, inView, apart: apartAt(inView) }
  })
  if (!seen.some(({ apart }) => apart <= mostDisagreement)) return found
  const phantoms = seen
    .filter(
      ({ inView, apart }) =>
        apart >= phantomDisagreement &&
        !otherTurns(detector, whole.image, inView).some(
          (face) => apartAt(face) <= mostDisagreement,
        ),
    )
    .map(({ face }) => face)
  return found.filter((face) => !phantoms.includes(face))
}

function largest(found: readonly FoundFace[]): FoundFace[] {
  const area = ({ box }: FoundFace): number => box.width * box.height
  return found.toSorted((left, right) => area(right) - area(left)).slice(0, mostLookedAt)
}
