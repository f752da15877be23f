/** Points in space as a camera far away sees them: x right, y down, z towards the camera; angles as a head pose has them. */
import type { Point } from '../../../src/image/similarity.ts'
import type { SpacePoint } from '../../../src/liveness/frames/mean-head.ts'

/** @param size pixels per unit; the origin is seen at 320, 240 */
export function seenFrom(
  points: readonly SpacePoint[],
  yaw: number,
  pitch = 0,
  roll = 0,
  size = 100,
): Point[] {
  const [sy, cy] = sinCos(yaw)
  const [sp, cp] = sinCos(pitch)
  const [sr, cr] = sinCos(roll)
  return points.map(([x, y, z]) => {
    const [x1, z1] = [cy * x + sy * z, cy * z - sy * x]
    const y1 = cp * y - sp * z1
    return [320 + size * (cr * x1 - sr * y1), 240 + size * (sr * x1 + cr * y1)]
  })
}

function sinCos(degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180
  return [Math.sin(radians), Math.cos(radians)]
}
