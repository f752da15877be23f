/** Rows and columns around a picture, as nodes ask for them -> as a table has them. */
import { slide } from '../../../src/network/shapes.ts'
import type { Padding } from '../../../src/network/table.ts'
import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { LayerList, Value } from './layer-list.ts'
import type { OnnxNode } from './onnx-file.ts'
import { intsOf, numberOf, type ReadNode, readPicture } from './reading.ts'

interface Window {
  readonly kernel: readonly [height: number, width: number]
  readonly stride: number
}

/** Longer than a side of any picture of a face network: a file may claim any. */
const mostSide = 1024

/** Before and after, of rows and of columns. */
type Sides = readonly [top: number, left: number, bottom: number, right: number]

/** The padding of a layer; rows and columns of zeros go before it where no layer has such sides. */
export function padded(
  node: OnnxNode,
  value: Value,
  list: LayerList,
  window: Window,
): { from: Value; padding: Padding } {
  const sides = sidesOf(node, value, window)
  const padding = paddingOf(sides, value, window)
  return padding === null
    ? { from: surrounded(node.op, value, sides, list), padding: 'valid' }
    : { from: value, padding }
}

/** As a layer has it; null where none has such sides. */
export function paddingOf(sides: Sides, value: Value, { kernel, stride }: Window): Padding | null {
  if (sides.some((side) => side < 0)) return null
  const [top] = sides
  if (sides.every((side) => side === top)) return top === 0 ? 'valid' : top
  const { rows, columns } = sameSides(value, { kernel, stride })
  const same = [rows.before, columns.before, rows.after, columns.after]
  return same.every((side, i) => side === sides[i]) ? 'same' : null
}

function sameSides({ height, width }: Value, { kernel, stride }: Window) {
  return {
    rows: slide('same', height, kernel[0], stride),
    columns: slide('same', width, kernel[1], stride),
  }
}

/** How often a window fits, in rows and in columns. @throws MisfitNode where it never does, or never ends */
export function placesOf(
  op: string,
  padding: Padding,
  { height, width, shape }: Value,
  { kernel, stride }: Window,
): { readonly height: number; readonly width: number } {
  const places = {
    height: slide(padding, height, kernel[0], stride).places,
    width: slide(padding, width, kernel[1], stride).places,
  }
  const sides = [...kernel, stride, places.height, places.width]
  if (sides.every(isSide)) return places
  throw new MisfitNode(
    `${op} of [${shape.join(', ')}] with windows of ${kernel.join(', ')}, strides of ${stride} and padding ${padding}`,
  )
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= mostSide
}

export function sidesOf(node: OnnxNode, value: Value, { kernel, stride }: Window): Sides {
  const auto = node.texts.get('auto_pad') || 'NOTSET'
  if (auto === 'VALID') return [0, 0, 0, 0]
  if (auto === 'NOTSET') {
    const [top = 0, left = 0, bottom = 0, right = 0] = node.ints.get('pads') ?? []
    return [top, left, bottom, right]
  }
  const { rows, columns } = sameSides(value, { kernel, stride })
  return auto === 'SAME_LOWER'
    ? [rows.after, columns.after, rows.before, columns.before]
    : [rows.before, columns.before, rows.after, columns.after]
}

/** With zeros around it. @param op whose padding it is */
export function surrounded(
  op: string,
  value: Value,
  [top, left, bottom, right]: Sides,
  list: LayerList,
): Value {
  const more = top + bottom
  const [height, width] = [value.height + more, value.width + more]
  const isKnown = top === left && bottom === right && Math.min(top, bottom) >= 0
  if (!isKnown || !isSide(height) || !isSide(width)) {
    throw new UnknownNode(`${op} with pads ${[top, left, bottom, right].join(', ')}`)
  }
  return {
    ...value,
    layer: list.add({ op: 'surroundWithZeros', before: top, after: bottom }, value),
    height,
    width,
    shape: [1, value.channels, height, width],
  }
}

export const bordered: ReadNode = (node, reading) => {
  const value = readPicture(reading, node)
  const pads = intsOf(reading, node, 'pads', 1)
  const fill = numberOf(reading, node, 'value', 2) ?? 0
  const mode = node.texts.get('mode') || 'constant'
  if (mode !== 'constant' || fill !== 0) {
    throw new UnknownNode(`${node.op} with ${mode === 'constant' ? fill : `mode ${mode}`}`)
  }
  if (pads?.length !== 8) throw new UnknownNode(`${node.op} by what is not known`)
  const [batch, channels, top, left, after, behind, bottom, right] = pads as readonly number[] &
    Sides & { 4: number; 5: number; 6: number; 7: number }
  if (batch || channels || after || behind) {
    throw new UnknownNode(`${node.op} of channels`)
  }
  if (pads.every((side) => side === 0)) return value
  return surrounded(node.op, value, [top, left, bottom, right], reading.list)
}
