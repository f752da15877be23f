/**
 * Where the restart intervals of a baseline JPEG meet in a part of its picture. Whole intervals that changed places, that are lost or come twice are
 * sound data, each at home in itself; only along these lines the picture does not go on. Pure.
 */
import type { Rectangle } from '../../../resize.ts'
import type { JpegFile } from '../file/jpeg-file.ts'
import { layOut } from '../walk-scan.ts'

/** Lines of which less is in the area show too little, in pixels. */
const shortest = 24

/**
 * Lines between two rows of pixels, in the picture as stored, each as long as it is. Of an interval shorter than a row both that lie above and below it stand together;
 * a longer one has each by itself, since the other may lie outside.
 */
export function restartBorders(file: JpegFile, area: Rectangle): Rectangle[][] {
  const { frame, scans } = file
  const [scan] = scans
  if (frame.progressive || scans.length > 1 || !scan || scan.restartInterval === 0) return []
  const { columns, rows } = layOut(file, scan)
  const [width, height] = [
    8 * Math.max(...frame.components.map(({ h }) => h)),
    8 * Math.max(...frame.components.map(({ v }) => v)),
  ]
  const interval = scan.restartInterval
  /** Above so many units of a row; null where too little of it is in the area. */
  const line = (row: number, from: number, to: number): Rectangle | null => {
    const y = row * height
    if (row >= rows || y <= area.y || y >= area.y + area.height) return null
    const [left, right] = [from * width, Math.min(to * width, frame.width)]
    const inside = Math.min(right, area.x + area.width) - Math.max(left, area.x)
    return inside < shortest ? null : { x: left, y, width: right - left, height: 0 }
  }
  const found: Rectangle[][] = []
  const put = (...lines: readonly (Rectangle | null)[]): void => {
    const seen = lines.filter((line) => line !== null)
    if (seen.length === lines.length) found.push(seen)
  }
  // Of a unit above the area an interval may reach into it.
  const firstRow = Math.max(0, Math.floor(area.y / height) - 1)
  const end = Math.min(rows, Math.ceil((area.y + area.height) / height)) * columns
  const first = Math.floor((firstRow * columns) / interval) * interval
  for (let unit = Math.max(interval, first); unit < end; unit += interval) {
    const column = unit % columns
    const row = (unit - column) / columns
    const last = column + interval
    if (interval >= columns) {
      put(line(row, column, columns))
      put(line(row + 1, 0, column))
    } else {
      put(line(row, column, last), line(row + 1, column, last))
      put(line(row + 1, 0, last - columns), line(row + 2, 0, last - columns))
    }
  }
  return found
}
