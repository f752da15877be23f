/**
 * Who is on the photos of cameras: probes.csv in their folder, with the columns file and person. A line without a person is of
 * somebody of whom there is no photo.
 */
import { readFile } from 'node:fs/promises'
import { join, normalize, relative } from 'node:path'
import { parse } from 'csv-parse/sync'

export const probeLabelsFile = 'probes.csv'

interface Label {
  readonly person: string | null
}

/**
 * @param probes paths of the photos of cameras
 * @param people those of whom there are photos
 * @returns by path; empty when there is no such list
 * @throws Error that names the line that is wrong
 */
export async function readProbeLabels(
  folder: string,
  probes: readonly string[],
  people: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Label>> {
  const list = join(folder, probeLabelsFile)
  const text = await readFile(list, 'utf8').catch(() => null)
  const labels = new Map<string, Label>()
  if (text === null) return labels
  const known = new Set(probes.map((probe) => relative(folder, probe)))
  for (const [i, { file, person }] of rowsOf(list, text).entries()) {
    const fail = (fault: string): never => {
      throw new Error(`${list}: photo ${i + 1}: ${fault}`)
    }
    if (file === undefined || person === undefined)
      fail('expected the columns file and person, separated by commas')
    const path = normalize(file!)
    if (!known.has(path)) fail(`${file} is no photo of a camera in this folder`)
    const name = person!.normalize('NFC')
    if (name !== '' && !people.has(name)) {
      fail(`there is no photo of ${person}; leave the person out if nobody here is on it`)
    }
    const photo = join(folder, path)
    if (labels.has(photo)) fail(`${file} is in the list twice`)
    labels.set(photo, { person: name === '' ? null : name })
  }
  return labels
}

function rowsOf(list: string, text: string): Partial<Record<string, string>>[] {
  try {
    return parse(text, { columns: true, trim: true, bom: true, skip_empty_lines: true })
  } catch (error) {
    throw new Error(`${list}: ${error instanceof Error ? error.message : error}`)
  }
}
