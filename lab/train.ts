/** npm run train: an encoder, or a head behind one, trained with the triplet loss. */
import { declare } from '../scripts/front/command.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { runTraining } from './training/run-training.ts'
import { checkTrainValues, toTrainChoices, trainInputs } from './training/train-choices.ts'

export const command = declare({
  name: 'train',
  summary: 'Trains an encoder, or a head behind one, with the triplet loss.',
  about:
    'Writes to the folder: weights/*.csv for `npm run pack`, which include the head, and the head alone; run.json, loss.svg, roc.svg; ' +
    'and checkpoint.bin, from which the same command resumes.',
  ...trainInputs,
  examples: [
    'datasets/faces.h5 --out run --weights weights/nn4.small2 --draw-missing',
    'images --out run --network dlib-resnet --head',
  ],
  check: checkTrainValues,
  async run(values, { typed, onStop }) {
    const choices = toTrainChoices(values)
    let epochs = 0
    onStop(() =>
      epochs === 0 ? undefined : `${epochs} epochs are done; the same command goes on from there`,
    )
    const report = await runTraining(choices, typed, (done) => {
      epochs = done
    })
    for (const { when, roc } of report.measured) {
      console.log(`${report.measuredOn}, ${when}: AUC ${roc.area.toFixed(4)}`)
    }
    console.log(
      `best after epoch ${report.bestEpoch} of ${report.history.length}, ` +
        `${Math.round(report.seconds)} s; everything is in ${choices.out}`,
    )
    return 0
  },
})

if (import.meta.main) runCommand(command)
