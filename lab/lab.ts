/** npm run lab -- liveness: measures what the product promises of live people, and of attacks. */
import { join } from 'node:path'
import { declare } from '../scripts/front/command.ts'
import { argument, number, text, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { buildDir } from '../scripts/weights/networks.ts'
import { measureActive, measureRecordings } from './liveness/run-active.ts'

export const command = declare({
  name: 'lab',
  summary:
    'Measures the active liveness check: which attacks pass, and which live people it refuses.',
  about:
    'Attacks are drawn from photos and go through the networks; real heads are pairs of photos of one person in the poses that a ' +
    'session asks for. Limits are fitted to two folds and tested on the third. With --folder it judges recordings instead: ' +
    'KIND/SEQUENCE/0-ahead.jpg, 1-left.jpg and so on, where the kind `live` holds live people and any other an attack.',
  usage:
    'liveness --pairs pairs.csv --images DIR [--attacks COUNT] [--out DIR] | liveness --folder DIR',
  arguments: { what: argument('liveness', 'what is measured') },
  options: {
    pairs: text('pairs.csv', 'pairs of photos with their folds', 'file'),
    images: text('DIR', 'the folder of the photos', 'folder'),
    attacks: number(
      'COUNT',
      'presentations of a flat photo; two fifths of it of other kinds',
      wholeFrom(5),
      5000,
    ),
    folder: text('DIR', 'recordings of live people and of attacks', 'folder'),
    out: text('DIR', 'where report.md and curve.svg go; build/liveness unless given'),
  },
  examples: ['liveness --pairs lfw/pairs.csv --images lfw/images', 'liveness --folder recordings'],
  check: ({ what, pairs, images, folder }) => {
    if (what !== 'liveness') return `${what} is not measured here; expected liveness`
    const isPairs = pairs !== undefined && images !== undefined
    return isPairs === (folder !== undefined)
      ? 'expected --pairs and --images, or --folder'
      : undefined
  },
  async run({ pairs, images, folder, attacks, out = join(buildDir, 'liveness') }) {
    if (folder !== undefined) await measureRecordings(folder)
    else await measureActive(pairs!, images!, attacks, out)
    return 0
  },
})

if (import.meta.main) runCommand(command)
