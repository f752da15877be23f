/**
 * Projections that fold the encodings of an encoder to fewer numbers: those that come with the project (projections/*.json, fitted by
 * `npm run fold`), and those of somebody's own encoder. They become CSV files, which packing reads.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Encoder } from '../../src/engine/encoders.ts'
import { csvTensors, projectionsFolder } from '../../src/network/table.ts'
import { writeWhole } from '../files/write-whole.ts'
import { CommandFault } from '../front/fault.ts'
import { toCsv } from '../weights/csv.ts'
import { weightsDir } from '../weights/networks.ts'

const shippedDir = join(import.meta.dirname, 'projections')

const file = z.strictObject({
  encoder: z.string(),
  /** The photos, the day and the command of the fit. */
  data: z.string(),
  date: z.iso.date(),
  command: z.string(),
  /** Share of the encodings' squared length that is kept. */
  kept: z.number(),
  /** By the name of each CSV file: [out, in] in half precision, little-endian, as base64. */
  matrices: z.record(z.string(), z.string()),
})
export type ProjectionFile = z.output<typeof file>

/** By the names of the CSV files; none for an encoder without a projection. Throws CommandFault when it is absent. */
export async function readShippedProjections(encoder: Encoder): Promise<Map<string, Float32Array>> {
  const wanted = projectionsOf(encoder)
  if (wanted.length === 0) return new Map()
  const text = await readFile(join(shippedDir, `${encoder.name}.json`), 'utf8').catch(() => {
    throw new CommandFault(`no projection for ${encoder.name} comes with the project`)
  })
  const { matrices } = file.parse(JSON.parse(text))
  return new Map(wanted.map(({ name }) => [name, matrixFromText(matrices[name] ?? '')]))
}

/** To weights/projections, in place of what is there. */
export async function writeProjections(matrices: ReadonlyMap<string, Float32Array>): Promise<void> {
  const folder = join(weightsDir, projectionsFolder)
  for (const [name, values] of matrices)
    await writeWhole(join(folder, `${name}.csv`), toCsv(values))
}

/** Keeps a projection with the project. */
export async function keepShipped(projection: ProjectionFile): Promise<string> {
  const path = join(shippedDir, `${projection.encoder}.json`)
  await writeWhole(path, `${JSON.stringify(projection, null, 2)}\n`)
  return path
}

/** The CSV files of an encoder that are projections, with their shapes. */
export function projectionsOf({ parts }: Encoder) {
  return parts.flatMap(({ table }) =>
    csvTensors(table).filter(({ folder }) => folder === projectionsFolder),
  )
}

export function matrixToText(values: Float32Array): string {
  const halves = new Float16Array(values)
  return Buffer.from(halves.buffer).toString('base64')
}

function matrixFromText(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  return Float32Array.from(new Float16Array(bytes.buffer))
}
