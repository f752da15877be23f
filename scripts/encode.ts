/**
 * npm run -s encode -- [--align none] <files or folders>
 *
 * The Worker's pipeline in Node, no server: one JSON line a photo on standard output, in the order of the photos. Where
 * a photo shows several faces, the one that stands out is encoded, as by the /encode endpoint. With `--align none` a
 * photo is taken for the encoder's input as it is, such as the 96x96 photos of the FaceNet exercise for nn4.small2.
 */
import { parseArgs } from 'node:util'
import { encodeFiles } from './people/encode-files.ts'
import { findPhotos } from './photos/photos.ts'

const { values, positionals } = parseArgs({
  options: { align: { type: 'string', default: 'face' } },
  allowPositionals: true,
})
const { align } = values
if (positionals.length === 0 || (align !== 'face' && align !== 'none')) {
  console.error('usage: npm run -s encode -- [--align face|none] <photos or folders>')
  process.exit(2)
}
const photos = await findPhotos(positionals).catch((error: Error) => {
  console.error(error.message)
  process.exit(1)
})
await encodeFiles(photos, { faces: 'main', align }, (result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`)
})
