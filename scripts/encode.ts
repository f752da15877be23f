/** npm run -s encode: the Worker's pipeline in Node, without a server. */
import { declare } from './front/command.ts'
import { CommandFault } from './front/fault.ts'
import { argumentList, choice } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { encodeFiles } from './people/encode-files.ts'
import { givenKeys, keyOptions } from './photos/key-options.ts'
import { findNamedPhotos } from './photos/named-photos.ts'

export const command = declare({
  name: 'encode',
  summary:
    'Encodes photos as the Worker does, without a server: one JSON line a photo, in their order.',
  about:
    'Of several faces the most prominent one is encoded, as at /encode. A photo that cannot ' +
    'be encoded has a line with the error, and the exit code is 0 all the same. A photo of an h5 file is called <file>#<number>, and its line has the label too.',
  usage: '<photos or folders> [--align face|none]',
  printsData: true,
  arguments: {
    paths: argumentList(
      'photos or folders',
      'photos, folders to search for photos, and h5 files',
      'file or folder',
    ),
  },
  options: {
    align: choice(
      ['face', 'none'],
      "none: a photo is the encoder's input as it is, such as the 96x96 photos of the FaceNet exercise for nn4.small2",
      'face',
    ),
    ...keyOptions,
  },
  examples: ['images/ada.jpg', '--align none images > encodings.ndjson', 'datasets/test_happy.h5'],
  async run({ paths, align, ...keys }) {
    const photos = await findNamedPhotos(paths, givenKeys(keys), (line) => console.error(line))
    if (photos.length === 0) throw new CommandFault(`there is no photo in ${paths.join(', ')}`)
    const files = photos.map(({ file }) => file)
    let next = 0
    await encodeFiles(files, { faces: 'main', align }, ({ file: _, ...result }) => {
      const { name, person } = photos[next++]!
      const line = { file: name, ...(person !== undefined && { person }), ...result }
      process.stdout.write(`${JSON.stringify(line)}\n`)
    })
    return 0
  },
})

if (import.meta.main) runCommand(command)
