/** The exercise's load_dataset in lines: what an h5 file of datasets/ holds, and what it is good for here. */
import { relative } from 'node:path'
import { findKeys, readDataset } from '../../scripts/photos/h5-dataset.ts'

export async function describeDataset(file: string): Promise<string[]> {
  const path = relative(process.cwd(), file)
  try {
    const keys = await findKeys(file, {})
    const { shape, labels, classes } = await readDataset(file, keys)
    const [count, height, width] = shape
    const names = [...new Set(labels.map((label) => classes?.[label] ?? `${label}`))].sort()
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '')
    return [
      `${path}: ${count} photos of ${width}x${height} in "${keys.images}", labels in "${keys.labels}": ${shown}`,
      'No task of the exercise reads it; encode, enroll, evaluate, calibrate and train do where the labels are people.',
    ]
  } catch (error) {
    return [error instanceof Error ? error.message : `${error}`]
  }
}
