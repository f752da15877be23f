/** npm run encoder: which network turns faces into encodings. */
import { encoders } from '../src/engine/encoders.ts'
import { publishedChipKinds } from '../src/face/chips/chip-kinds.ts'
import { chooseKnown, requirePublished, runFromNowOn } from './encoder/choose-encoder.ts'
import { listEncoders } from './encoder/list-encoders.ts'
import { addOwnEncoder, faultOfName, readChip } from './encoder/own-encoder.ts'
import { declare } from './front/command.ts'
import { anyNumber, choice, number, optionalArgument, positive, text } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { findEncoder } from './weights/packed-encoder.ts'

const chips = publishedChipKinds.map((kind) => `${kind}-SIZE`).join(', ')

export const command = declare({
  name: 'encoder',
  summary: 'Lists the encoders, or chooses the one that runs.',
  about:
    'dlib-resnet comes with npm; reid-0095 is fetched from its publisher and checked; fused is both together. A network of your own is an .onnx file, or the .xml file of an OpenVINO IR next to its .bin, whose layers the tables know; then `npm run fold` shortens its encodings, and `npm run calibrate` measures its thresholds. After a fault nothing is changed.',
  usage:
    '[NAME] [--from DIR|URL] | NAME --onnx FILE --chip KIND-SIZE [--colour rgb|bgr] [--divide NUMBER] [--mean NUMBER] [--licence TEXT]',
  arguments: { name: optionalArgument('NAME', 'what runs from then on; the list unless given') },
  options: {
    from: text(
      'DIR|URL',
      'where the files of reid-0095 are, for it or for fused, in place of its publisher',
    ),
    onnx: text('FILE', 'a network of your own', 'file'),
    chip: text('KIND-SIZE', `how it was trained to see faces: ${chips}`),
    colour: choice(['rgb', 'bgr'], 'the order of its colours', 'rgb'),
    divide: number('NUMBER', 'what pixels of 0 to 255 are divided by', positive, 1),
    mean: number('NUMBER', 'what is subtracted from them before that', anyNumber, 0),
    licence: text('TEXT', 'what the list says of its licence', undefined, 'yours to know'),
  },
  examples: [
    '',
    'reid-0095',
    'reid-0095 --from downloads',
    'fused',
    'dlib-resnet',
    'my-net --onnx net.onnx --chip arcface-112 --colour bgr --divide 128 --mean 127.5',
  ],
  check({ name, onnx, chip, from }) {
    if (onnx === undefined) return chip === undefined ? undefined : '--chip wants --onnx beside it'
    if (name === undefined) return '--onnx wants a name for the encoder before it'
    if (from !== undefined) return '--from and --onnx exclude each other'
    if (chip === undefined || readChip(chip) === undefined) {
      return `--chip: expected one of ${chips}, such as arcface-112`
    }
    return faultOfName(name)
  },
  async run({ name, onnx, chip, from, ...preparation }) {
    if (name === undefined) {
      console.log(await listEncoders())
      return 0
    }
    if (onnx !== undefined) {
      await addOwnEncoder({ name, file: onnx, chip: readChip(chip!)!, ...preparation })
      return 0
    }
    const encoder = await findEncoder(name)
    if (from !== undefined) requirePublished(encoder)
    await (encoders.includes(encoder) ? chooseKnown(encoder, from) : runFromNowOn(encoder))
    return 0
  },
})

if (import.meta.main) runCommand(command)
