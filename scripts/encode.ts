/** npm run -s encode: the Worker's pipeline in Node, without a server. */
import { declare } from './front/command.ts'
import { CommandFault } from './front/fault.ts'
import { argumentList, choice } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { encodeFiles } from './people/encode-files.ts'
import { findPhotos } from './photos/photos.ts'

export const command = declare({
  name: 'encode',
  summary:
    'Encodes photos as the Worker does, without a server: one JSON line a photo, in their order.',
  about:
    'Where a photo shows several faces, the one that stands out is encoded, as by the /encode endpoint. A photo that cannot ' +
    'be encoded has a line with the error.',
  printsData: true,
  arguments: {
    paths: argumentList(
      'photos or folders',
      'photos, and folders to search for photos',
      'file or folder',
    ),
  },
  options: {
    align: choice(
      ['face', 'none'],
      "none: a photo is the encoder's input as it is, such as the 96x96 photos of the FaceNet exercise for nn4.small2",
      'face',
    ),
  },
  examples: ['images/ada.jpg', '--align none datasets/faces > encodings.ndjson'],
  async run({ paths, align }) {
    const photos = await findPhotos(paths)
    if (photos.length === 0) throw new CommandFault(`there is no photo in ${paths.join(', ')}`)
    await encodeFiles(photos, { faces: 'main', align }, (result) => {
      process.stdout.write(`${JSON.stringify(result)}\n`)
    })
    return 0
  },
})

if (import.meta.main) runCommand(command)
