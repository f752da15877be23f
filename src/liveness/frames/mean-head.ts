/**
 * The mean head in three dimensions: where the 68 landmarks and the detector's six points lie on it. Found from the landmarks of 2,300
 * photos of LFW alone, by factorisation (Tomasi and Kanade 1992: points seen in many poses have rank three; a rotation
 * leaves lengths as they are), made symmetric. x is to the right and y down in a picture of the head looking ahead, z towards the
 * camera; the unit is the distance between the outer corners of the eyes, the origin the middle of the landmarks.
 */

export type SpacePoint = readonly [x: number, y: number, z: number]

export const meanHead: readonly SpacePoint[] = [
  [-0.851, -0.433, -0.534],
  [-0.836, -0.205, -0.499],
  [-0.799, 0.006, -0.486],
  [-0.759, 0.198, -0.484],
  [-0.686, 0.41, -0.44],
  [-0.573, 0.582, -0.345],
  [-0.439, 0.697, -0.208],
  [-0.267, 0.814, -0.041],
  [0, 0.888, 0.018],
  [0.267, 0.814, -0.041],
  [0.439, 0.697, -0.208],
  [0.573, 0.582, -0.345],
  [0.686, 0.41, -0.44],
  [0.759, 0.198, -0.484],
  [0.799, 0.006, -0.486],
  [0.836, -0.205, -0.499],
  [0.851, -0.433, -0.534],
  [-0.666, -0.632, -0.094],
  [-0.568, -0.7, 0.019],
  [-0.438, -0.722, 0.095],
  [-0.321, -0.709, 0.145],
  [-0.217, -0.674, 0.17],
  [0.217, -0.674, 0.17],
  [0.321, -0.709, 0.145],
  [0.438, -0.722, 0.095],
  [0.568, -0.7, 0.019],
  [0.666, -0.632, -0.094],
  [0, -0.428, 0.203],
  [0, -0.276, 0.304],
  [0, -0.133, 0.408],
  [0, -0.005, 0.437],
  [-0.14, 0.079, 0.205],
  [-0.079, 0.099, 0.247],
  [0, 0.116, 0.267],
  [0.079, 0.099, 0.247],
  [0.14, 0.079, 0.205],
  [-0.5, -0.455, -0.043],
  [-0.426, -0.488, 0.025],
  [-0.318, -0.49, 0.027],
  [-0.222, -0.439, 0.021],
  [-0.308, -0.41, 0.032],
  [-0.42, -0.41, 0.01],
  [0.222, -0.439, 0.021],
  [0.318, -0.49, 0.027],
  [0.426, -0.488, 0.025],
  [0.5, -0.455, -0.043],
  [0.42, -0.41, 0.01],
  [0.308, -0.41, 0.032],
  [-0.313, 0.361, 0.008],
  [-0.205, 0.306, 0.158],
  [-0.068, 0.264, 0.235],
  [0, 0.28, 0.24],
  [0.068, 0.264, 0.235],
  [0.205, 0.306, 0.158],
  [0.313, 0.361, 0.008],
  [0.202, 0.461, 0.1],
  [0.103, 0.51, 0.145],
  [0, 0.525, 0.157],
  [-0.103, 0.51, 0.145],
  [-0.202, 0.461, 0.1],
  [-0.293, 0.36, 0.016],
  [-0.097, 0.34, 0.182],
  [0, 0.337, 0.199],
  [0.097, 0.34, 0.182],
  [0.293, 0.36, 0.016],
  [0.094, 0.415, 0.141],
  [0, 0.424, 0.154],
  [-0.094, 0.415, 0.141],
]

/** Eyes, tip of the nose, mouth and ears, in the detector's order. */
export const meanFacePoints: readonly SpacePoint[] = [
  [-0.378, -0.414, -0.072],
  [0.378, -0.414, -0.072],
  [0, 0.027, 0.435],
  [0, 0.401, 0.189],
  [-0.795, -0.218, -0.817],
  [0.795, -0.218, -0.817],
]

/** Squared distance within which a landmark no longer gains weight. */
const softness = 0.002

/** The mean of the landmarks' depths, near ones far heavier; x and y as in mean-head.ts. */
export function headDepthAt(x: number, y: number): number {
  let [sum, weights] = [0, 0]
  for (const [px, py, pz] of meanHead) {
    const weight = 1 / ((x - px) ** 2 + (y - py) ** 2 + softness) ** 2
    sum += weight * pz
    weights += weight
  }
  return sum / weights
}
