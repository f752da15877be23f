/**
 * Which way a head looks and how large it is in the photo: the turned and scaled mean head that lies nearest to the 68 landmarks and the
 * detector's six points, seen from far away (a camera at arm's length changes the angles by a degree or two). Pure.
 */

import type { FacePoints } from '../../face/detect.ts'
import type { Landmarks } from '../../face/landmarks.ts'
import type { Point } from '../../image/similarity.ts'
import { mapTuple } from '../../lib/map-tuple.ts'
import { meanFacePoints, meanHead, type SpacePoint } from './mean-head.ts'

export interface HeadPose {
  /** Degrees; positive when the person looks to their left. */
  readonly yaw: number
  /** Degrees; positive when the person looks up. */
  readonly pitch: number
  /** Degrees; positive when the head leans clockwise in the photo. */
  readonly roll: number
  /** Pixels of the photo between the outer corners of the eyes, were the head looking ahead. */
  readonly size: number
}

export interface SeenHead {
  /** In pixels of the photo. */
  readonly landmarks: Landmarks
  readonly points: FacePoints
}

const axes = [0, 1, 2] as const
const head = [...meanHead, ...meanFacePoints]
const middle = mapTuple(axes, (axis) => head.reduce((sum, at) => sum + at[axis], 0) / head.length)
const centred = head.map((at) => mapTuple(axes, (axis) => at[axis] - middle[axis]))
const inverse = invertSymmetric(
  [0, 1, 2].map((i) => [0, 1, 2].map((j) => centred.reduce((sum, at) => sum + at[i]! * at[j]!, 0))),
)

/** NaN throughout for points that all lie in one place. */
export function headPoseOf({ landmarks, points }: SeenHead): HeadPose {
  const seen = [...landmarks, ...points]
  const [right, down] = nearestRotation(alongAxis(seen, 0), alongAxis(seen, 1))
  const { scale } = right
  const roll = Math.atan2(-right.row[1], down.row[1])
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)]
  const upright = (axis: number): [number, number] => [
    cos * right.row[axis]! + sin * down.row[axis]!,
    cos * down.row[axis]! - sin * right.row[axis]!,
  ]
  const [across, lean] = upright(0)
  const [, downwards] = upright(1)
  const [noseRight, noseDown] = upright(2)
  const yaw = Math.atan2(noseRight, across)
  const pitch = Math.atan2(lean * noseRight - noseDown * across, downwards)
  return { yaw: degrees(yaw), pitch: degrees(pitch), roll: degrees(roll), size: scale }
}

/** The linear map from the head to one coordinate of the photo, by least squares. */
function alongAxis(seen: readonly Point[], axis: 0 | 1): SpacePoint {
  const mean = seen.reduce((sum, point) => sum + point[axis], 0) / seen.length
  const moments = [0, 1, 2].map((i) =>
    seen.reduce((sum, point, k) => sum + centred[k]![i]! * (point[axis] - mean), 0),
  )
  return mapTuple(axes, (i) => dot(inverse[i]!, moments))
}

interface ScaledRow {
  readonly row: SpacePoint
  readonly scale: number
}

/**
 * The two orthogonal unit rows nearest to two given ones, and their common scale: (M^-1/2) A with M = A A^T, which for two
 * rows has a closed form.
 */
function nearestRotation(first: SpacePoint, second: SpacePoint): readonly [ScaledRow, ScaledRow] {
  const [a, b, c] = [dot(first, first), dot(first, second), dot(second, second)]
  const root = Math.sqrt(a * c - b * b)
  const trace = Math.sqrt(a + c + 2 * root)
  // M^1/2 is (M + root I) / trace; its inverse has the diagonal exchanged.
  const [p, q, r] = [(a + root) / trace, b / trace, (c + root) / trace]
  const combine = (u: number, v: number): SpacePoint =>
    mapTuple(axes, (axis) => (u * first[axis] + v * second[axis]) / root)
  const scale = trace / 2
  return [
    { row: combine(r, -q), scale },
    { row: combine(-q, p), scale },
  ]
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0)
}

function invertSymmetric(m: readonly (readonly number[])[]): number[][] {
  const minor = (i: number, j: number): number => {
    const at = (di: number, dj: number): number => m[(i + di) % 3]![(j + dj) % 3]!
    return at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)
  }
  const determinant = dot(
    m[0]!,
    [0, 1, 2].map((j) => minor(0, j)),
  )
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => minor(j, i) / determinant))
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI
}
