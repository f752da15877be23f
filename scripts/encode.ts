/**
 * npm run -s encode -- <files or folders>
 *
 * The Worker's pipeline in Node, no server: one JSON line a photo on standard output, in the order of the photos. Where
 * a photo shows several faces, the one that stands out is encoded, as by the /encode endpoint.
 */
import { encodeFiles } from './encode-files.ts'
import { findPhotos } from './photos.ts'

const paths = process.argv.slice(2)
if (paths.length === 0) {
  console.error('usage: npm run -s encode -- <photos or folders>')
  process.exit(2)
}
const photos = await findPhotos(paths).catch((error: Error) => {
  console.error(error.message)
  process.exit(1)
})
await encodeFiles(photos, { faces: 'main' }, (result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`)
})
