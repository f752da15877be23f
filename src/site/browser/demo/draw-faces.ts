/** A copy of the photo with boxes and landmarks on it, in colours that stand out from any skin. */
import type { Box } from '../../../../client/src/client.ts'
import { contextOf } from '../chosen-photo.ts'

export interface DrawnFace {
  readonly box: Box
  /** Points [x, y] in pixels of the photo. */
  readonly landmarks?: readonly (readonly [number, number])[]
  /** Not the one that counted. */
  readonly isOther?: boolean
}

export function drawFaces(
  picture: HTMLCanvasElement,
  faces: readonly DrawnFace[],
  description: string,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = picture.width
  canvas.height = picture.height
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', description)
  const context = contextOf(canvas)
  context.drawImage(picture, 0, 0)
  const unit = Math.max(canvas.width, canvas.height) / 400
  for (const { box, landmarks = [], isOther } of faces) {
    strokeBox(context, box, unit * (isOther ? 3 : 4), 'rgb(0 0 0 / 0.55)')
    context.setLineDash(isOther ? [unit * 4, unit * 4] : [])
    strokeBox(context, box, unit * (isOther ? 1.5 : 2), isOther ? '#ffffff' : '#35e0ff')
    context.setLineDash([])
    for (const [x, y] of landmarks) {
      drawPoint(context, x, y, unit * 2.2, 'rgb(0 0 0 / 0.55)')
      drawPoint(context, x, y, unit * 1.5, '#ffe95c')
    }
  }
  return canvas
}

function strokeBox(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  lineWidth: number,
  colour: string,
): void {
  context.lineWidth = lineWidth
  context.strokeStyle = colour
  context.strokeRect(x, y, width, height)
}

function drawPoint(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
): void {
  context.fillStyle = colour
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
}
