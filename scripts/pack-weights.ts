/** npm run pack: CSV files into the shards that the Worker bundles. */
import { isCalibrated, readCalibrationTable } from '../src/decision/calibration-table.ts'
import { nn4Small2Variants } from '../src/encoder/nn4-small2.ts'
import { precisions } from '../src/network/quantise.ts'
import { describeChange } from './encoder/describe-change.ts'
import { declare } from './front/command.ts'
import { choice, text } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { buildKernels } from './kernels/build-kernels.ts'
import { writeKnownFace } from './setup/known-face.ts'
import { describeLoss } from './setup/quantisation-loss.ts'
import { checkChoice, chooseNetworks, encoderOf } from './weights/choose-networks.ts'
import { describeMisplaced } from './weights/misplaced-weights.ts'
import { keepChoices } from './weights/pack-choices.ts'
import { describeShards, packWeights } from './weights/pack-weights.ts'
import { packedEncoder } from './weights/packed-encoder.ts'
import { packedModel } from './weights/packed-model.ts'

const variants = Object.keys(nn4Small2Variants) as (keyof typeof nn4Small2Variants)[]

export const command = declare({
  name: 'pack',
  summary: 'Packs weights/<network>/*.csv into the shards that the Worker bundles.',
  about:
    'Naming an encoder makes it the one that runs; naming a liveness network bundles both, until `npm run liveness -- ' +
    '--remove`. A choice holds until another is made. A network whose files have not changed is left alone.',
  options: {
    network: text('NAME', 'the network to pack; an encoder then becomes the one that runs'),
    variant: choice(variants, 'which nn4.small2'),
    weights: text(
      'DIR',
      'its CSV files; weights/<network> unless given, or weights/ where the exercise lies flat in it',
      'folder',
    ),
    precision: choice(precisions, 'of the packed weights'),
  },
  examples: [
    '',
    '--network nn4.small2 --variant exercise',
    '--network nn4.small2 --weights run/weights',
  ],
  check: checkChoice,
  async run(given) {
    const before = await packedEncoder()
    const modelBefore = await packedModel().catch(() => null)
    const selection = await chooseNetworks(given)
    const packed = await packWeights(selection, await encoderOf(given))
    await keepChoices(selection)
    // A running Worker rebuilds itself now; /health has to know what these weights give.
    await buildKernels()
    await writeKnownFace()
    console.log(packed.length > 0 ? `packed ${packed.join(', ')}` : 'shards are up to date')
    const encoder = await packedEncoder()
    if (encoder.name !== before.name) {
      console.log(`the encoder that runs is now ${encoder.name}, before ${before.name}`)
    }
    const misplaced = await describeMisplaced(encoder.name)
    if (misplaced !== null) console.log(misplaced)
    for (const { table } of selection.filter((one) => packed.includes(one.table.name))) {
      console.log(await describeShards(table))
    }
    if (encoder.parts.some(({ table }) => packed.includes(table.name))) {
      console.log(await describeLoss(selection))
    }
    if (packed.length === 0) return 0
    const model = await packedModel()
    console.log(`the model that runs is ${model}`)
    const calibrated = isCalibrated(readCalibrationTable(), model)
    for (const line of describeChange(modelBefore, model, calibrated)) console.log(line)
    return 0
  },
})

if (import.meta.main) runCommand(command)
