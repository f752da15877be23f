/** The options that name the datasets in an h5 file. */
import { text } from '../front/inputs.ts'
import { type DatasetKeys, defaultKeys, type GivenKeys } from './h5-dataset.ts'

export const keyOptions = {
  imagesKey: text(
    'NAME',
    'where the images are in the h5 file; train_set_x or test_set_x unless given',
  ),
  labelsKey: text('NAME', 'where the labels are; train_set_y or test_set_y unless given'),
  classesKey: text(
    'NAME',
    'where the names are that the labels count through; list_classes unless given',
  ),
}

type KeyValues = Readonly<Record<keyof typeof keyOptions, string | undefined>>

/** What the command line names; the rest is found in the file. */
export function givenKeys({ imagesKey, labelsKey, classesKey }: KeyValues): GivenKeys {
  return {
    ...(imagesKey !== undefined && { images: imagesKey }),
    ...(labelsKey !== undefined && { labels: labelsKey }),
    ...(classesKey !== undefined && { classes: classesKey }),
  }
}

/** All of them, for a file that is written. */
export function keysOf(values: KeyValues): DatasetKeys {
  return { ...defaultKeys, ...givenKeys(values) }
}
