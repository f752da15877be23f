/** npm run dataset: a folder of people into one h5 file of labelled photos. */
import { declare } from '../scripts/front/command.ts'
import { argument, flag, number, text, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { keyOptions, keysOf } from '../scripts/photos/key-options.ts'
import { makeDataset } from './training/photos/make-dataset.ts'

export const command = declare({
  name: 'dataset',
  summary: 'Writes a folder of people to one h5 file of labelled photos.',
  about: 'Without --align the photos have to be square. datasets/README.md describes the file.',
  arguments: {
    folder: argument('folder of people', 'images/README.md says how it is laid out', 'folder'),
    out: argument('out.h5', 'the file to write'),
  },
  options: {
    size: number('N', 'side of the images in pixels', wholeFrom(1)),
    align: flag('find faces and align them'),
    network: text('NAME', 'align as this encoder wants it; nn4.small2 unless given'),
    ...keyOptions,
  },
  examples: ['images datasets/faces.h5 --align', 'photos datasets/happy.h5 --size 64'],
  check: ({ network, align }) =>
    network !== undefined && !align ? '--network wants --align beside it' : undefined,
  async run({ folder, out, size = null, align, network = 'nn4.small2', ...keys }) {
    const outcome = await makeDataset(folder, out, {
      size,
      align: align ? network : null,
      keys: keysOf(keys),
    })
    const { images, people, skipped, left } = outcome
    for (const line of left) console.log(line)
    console.log(`${out}: ${images} images of ${people} people, ${outcome.size}x${outcome.size}`)
    for (const { file, error } of skipped) console.log(`  left out: ${file}: ${error}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
