/**
 * Landmarks -> the chip that dlib's encoder was trained on: 150x150, the face upright, at a fixed place and size, with a
 * quarter of its own size as padding. The template is dlib's mean face of points 17 to 67; brows and lower lip move too
 * much to align by and are left out (dlib, image_transforms/interpolation.h, get_face_chip_details).
 */
import { fitSimilarity, type Point, type Similarity } from '../image/similarity.ts'
import type { Landmarks } from './landmarks.ts'

/** x, y of points 27 to 67 in the mean face, which spans 0..1. */
const meanFace: readonly Point[] = [
  [0.490127, 0.203352],
  [0.490127, 0.307009],
  [0.490127, 0.409805],
  [0.490127, 0.515625],
  [0.36688, 0.587326],
  [0.426036, 0.609345],
  [0.490127, 0.628106],
  [0.554217, 0.609345],
  [0.613373, 0.587326],
  [0.121737, 0.216423],
  [0.187122, 0.178758],
  [0.265825, 0.179852],
  [0.334606, 0.231733],
  [0.260918, 0.245099],
  [0.182743, 0.244077],
  [0.645647, 0.231733],
  [0.714428, 0.179852],
  [0.793132, 0.178758],
  [0.858516, 0.216423],
  [0.79751, 0.244077],
  [0.719335, 0.245099],
  [0.254149, 0.780233],
  [0.340985, 0.745405],
  [0.428858, 0.727388],
  [0.490127, 0.742578],
  [0.551395, 0.727388],
  [0.639268, 0.745405],
  [0.726104, 0.780233],
  [0.642159, 0.864805],
  [0.556721, 0.902192],
  [0.490127, 0.909281],
  [0.423532, 0.902192],
  [0.338094, 0.864805],
  [0.290379, 0.784792],
  [0.428096, 0.778746],
  [0.490127, 0.785343],
  [0.552157, 0.778746],
  [0.689874, 0.784792],
  [0.553364, 0.824182],
  [0.490127, 0.831803],
  [0.42689, 0.824182],
]

const firstPoint = 27
const isLowerLip = (point: number): boolean => (point >= 55 && point <= 59) || point >= 65
const points = meanFace.map((_, i) => firstPoint + i).filter((point) => !isLowerLip(point))

/** The square of the photo that becomes a chip of `size` pixels with `padding` (share of the face's size) around. */
export function alignFace(landmarks: Landmarks, size: number, padding: number): Similarity {
  const inChip = (value: number): number => ((padding + value) / (2 * padding + 1)) * size
  return fitSimilarity(
    points.map((point) => {
      const [x, y] = meanFace[point - firstPoint]!
      return [inChip(x), inChip(y)]
    }),
    points.map((point) => landmarks[point]!),
  )
}
