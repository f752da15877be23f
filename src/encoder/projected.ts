/**
 * Tables whose encodings are folded to fewer numbers by a projection, which was fitted to faces (weights/projections). Pure.
 */
import { outputLength } from '../network/shapes.ts'
import type { NetworkTable, Projection } from '../network/table.ts'

/** Into the last layer, where it is a dense one; behind it otherwise. @param encoder whose projection it is */
export function projected(table: NetworkTable, encoder: string, length: number): NetworkTable {
  const projection = projectionOf(table, encoder, length)
  const last = table.layers.at(-1)!
  if (last.op !== 'dense') return behind(table, projection)
  return { ...table, layers: [...table.layers.slice(0, -1), { ...last, projection }] }
}

/** Of the encoding's direction: for an encoder that fuses several, whose lengths say nothing of each other. */
export function projectedDirection(
  table: NetworkTable,
  encoder: string,
  length: number,
): NetworkTable {
  const unit = { ...table, layers: [...table.layers, { op: 'l2Normalise', name: 'unit' } as const] }
  const folder = table.folder ?? table.name
  return {
    ...behind(unit, projectionOf(table, encoder, length)),
    name: `${encoder}-${table.name}`,
    folder,
  }
}

/** The table before it was projected. */
export function unprojected(table: NetworkTable): NetworkTable {
  const last = table.layers.at(-1)!
  const before = table.layers.slice(0, -1)
  if (last.op === 'project') return { ...table, layers: before }
  if (last.op !== 'dense') return table
  const { projection: _, ...dense } = last
  return { ...table, layers: [...before, dense] }
}

function projectionOf({ name }: NetworkTable, encoder: string, out: number): Projection {
  return { name: encoder === name ? name : `${encoder}-${name}`, out }
}

function behind(table: NetworkTable, projection: Projection): NetworkTable {
  const layer = { op: 'project', name: 'projection', in: outputLength(table), projection } as const
  return { ...table, layers: [...table.layers, layer] }
}
