/**
 * Which face of a photo is meant. The main face is the one that stands out by size and by being near the middle. Where exactly one person
 * may be in the picture, a second face of comparable size is refused; a bystander far behind is not, nor one who is half outside the
 * picture. In a crowd, which has room for hundreds of faces, only those are looked at closely that may decide this.
 */
import { FaceError } from '../errors/face-error.ts'
import { centreOf, type FaceBox, type FoundFace, isSamePlace } from './detect.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** From brow to chin; below this the encoder sees mostly interpolation. */
export const minFacePixels = 24

/** The main face has at least this share of the largest one's side. At enrollment, a second face blocks that has this share of the main one's. */
export const comparableSide = 0.5

/** Sizes that a look saw are estimates: what is a little smaller than comparable may be comparable. */
export const surely = 0.8

/** For a probe, a second face blocks that has this share: one that is smaller is not who holds the camera, and is not compared. */
export const blockingSide = 2 / 3

/** So many faces are a crowd: each costs a close look. */
export const crowdOf = { main: 16, all: 50 } as const

/** Of a crowd's widest and of its most central faces, each, so many of those that are left are looked at. */
const mostOthers = 4

/** @throws FaceError no_face */
export function mainFace(faces: readonly FoundFace[], photo: Size): FoundFace {
  const [first, ...others] = faces
  if (!first)
    throw new FaceError('no_face', 'No face was found in the photo at any size or quarter turn.')
  const largest = others.reduce(
    (best, face) => (visibleSide(face, photo) > visibleSide(best, photo) ? face : best),
    first,
  )
  const main = comparableTo(largest, faces, photo).reduce((best, face) =>
    offCentre(face.box, photo) < offCentre(best.box, photo) ? face : best,
  )
  const side = Math.round(sideOf(main.box))
  if (side < minFacePixels) {
    throw new FaceError(
      'face_too_small',
      `The face is ${side} pixels wide, at least ${minFacePixels} are needed.`,
    )
  }
  return main
}

/**
 * @param blocking share of the main face's side from which on a second one blocks
 * @throws FaceError no_face, multiple_faces
 */
export function onlyFace(
  faces: readonly FoundFace[],
  photo: Size,
  blocking: number = comparableSide,
): FoundFace {
  const main = mainFace(faces, photo)
  const comparable = comparableTo(main, faces, photo, blocking).filter(
    (face) => face === main || isWhole(face, photo),
  )
  if (comparable.length > 1) {
    throw new FaceError(
      'multiple_faces',
      `${comparable.length} faces of comparable size were found, exactly one was expected.`,
    )
  }
  return main
}

/**
 * Those that a look saw in a crowd and that may still be the main face or stand beside it: widest and most central in turn.
 *
 * @param faces found so far
 */
export function likeliestOf(
  candidates: readonly FoundFace[],
  faces: readonly FoundFace[],
  photo: Size,
): FoundFace[] {
  // What the border cuts blocks nobody, however wide it is.
  const sides = faces.filter((face) => isWhole(face, photo)).map((face) => visibleSide(face, photo))
  const least = comparableSide * surely * Math.max(0, ...sides)
  const others = candidates.filter(
    (candidate) =>
      visibleSide(candidate, photo) >= least &&
      !faces.some(({ box }) => isSamePlace(box, candidate.box)),
  )
  const widest = others.toSorted((a, b) => visibleSide(b, photo) - visibleSide(a, photo))
  const central = others.toSorted((a, b) => offCentre(a.box, photo) - offCentre(b.box, photo))
  const inTurn = widest.slice(0, mostOthers).flatMap((face, i) => [face, central[i]!])
  return [...new Set(inTurn)]
}

/** The face itself, and all that are as large or not much smaller. */
function comparableTo(
  face: FoundFace,
  faces: readonly FoundFace[],
  photo: Size,
  share: number = comparableSide,
): FoundFace[] {
  const least = share * visibleSide(face, photo)
  return faces.filter((other) => visibleSide(other, photo) >= least)
}

/**
 * Whether eyes, nose and mouth lie in the photo. A face cut by the border shows too little to compare, so it is ignored, and
 * the face in the middle is the main one.
 */
export function isWhole({ points }: Pick<FoundFace, 'points'>, photo: Size): boolean {
  return points
    .slice(0, 4)
    .every(([x, y]) => x >= 0 && y >= 0 && x <= photo.width && y <= photo.height)
}

/** 0..1, the share of the face's box that lies in the photo. */
export function shareWithin(face: Pick<FoundFace, 'box'>, photo: Size): number {
  // Of a box within the photo rounding may make a little more than all.
  return Math.min(1, (visibleSide(face, photo) / sideOf(face.box)) ** 2)
}

/** Pixels between the middles of face and photo. */
function offCentre(box: FaceBox, photo: Size): number {
  const [x, y] = centreOf(box)
  return Math.hypot(x - photo.width / 2, y - photo.height / 2)
}

function visibleSide({ box }: Pick<FoundFace, 'box'>, photo: Size): number {
  return sideOf(clip(box, photo))
}

function clip(box: FaceBox, photo: Size): FaceBox {
  const x = Math.max(0, box.x)
  const y = Math.max(0, box.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(photo.width, box.x + box.width) - x),
    height: Math.max(0, Math.min(photo.height, box.y + box.height) - y),
  }
}

function sideOf(box: FaceBox): number {
  return Math.sqrt(box.width * box.height)
}
