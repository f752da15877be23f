/** The options that name the datasets in an h5 file. */
import { text } from '../front/inputs.ts'
import { type DatasetKeys, defaultKeys } from './h5-dataset.ts'

export const keyOptions = {
  imagesKey: text('NAME', 'where the images are in the h5 file', undefined, defaultKeys.images),
  labelsKey: text('NAME', 'where the labels are', undefined, defaultKeys.labels),
  classesKey: text(
    'NAME',
    'where the names are that the labels count through',
    undefined,
    defaultKeys.classes,
  ),
}

export function keysOf(values: Readonly<Record<keyof typeof keyOptions, string>>): DatasetKeys {
  const { imagesKey, labelsKey, classesKey } = values
  return { images: imagesKey, labels: labelsKey, classes: classesKey }
}
