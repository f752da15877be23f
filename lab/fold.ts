/** npm run fold: encodings made shorter by a projection that is fitted to faces. */
import { basename } from 'node:path'
import { declare } from '../scripts/front/command.ts'
import { argument, number, positive, text } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { readPeople, requireSomebody } from '../scripts/photos/people.ts'
import { findEncoder, packedEncoder } from '../scripts/weights/packed-encoder.ts'
import { foldEncoder } from './encoders/fold-encoder.ts'

export const command = declare({
  name: 'fold',
  summary:
    'Folds the encodings of an encoder to fewer numbers, by a projection that is fitted to photos of faces.',
  about:
    'A network of your own may give 512 numbers; 128 say nearly as much, and take a quarter of the space. The projection ' +
    'becomes part of the network when it is packed. This makes another model: run `npm run calibrate` afterwards.',
  arguments: {
    folder: argument('folder of people', 'a few hundred faces or more', 'folder'),
  },
  options: {
    encoder: text('NAME', 'the one that runs unless given'),
    to: number('NUMBER', 'how many numbers are left', positive, 128),
    data: text('"what the photos are"', 'the name of the folder unless given'),
  },
  examples: ['photos', 'photos --encoder my-net --to 256'],
  async run({ folder, encoder: name, to, data = basename(folder) }, { typed }) {
    const { photos } = requireSomebody(folder, await readPeople(folder))
    const encoder = name === undefined ? await packedEncoder() : await findEncoder(name)
    const files = photos.map(({ file }) => file)
    await foldEncoder(encoder, files, { length: to, data, command: typed })
    return 0
  },
})

if (import.meta.main) runCommand(command)
