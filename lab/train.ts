/**
 * npm run train -- <file.h5 | folder of people> --out DIR [options]
 *
 * Trains an encoder, or a head behind one, with the triplet loss. Leaves in DIR: weights/*.csv, which `npm run pack` takes,
 * with the head in them and beside them; run.json, loss.svg, roc.svg; and checkpoint.bin, from which the same command goes
 * on after a kill.
 */
import { runTraining } from './training/run-training.ts'
import { readTrainChoices, type TrainChoices, usage } from './training/train-choices.ts'

const args = process.argv.slice(2)

function choose(): TrainChoices {
  try {
    return readTrainChoices(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(usage)
    process.exit(2)
  }
}

const choices = choose()
try {
  const report = await runTraining(choices, `npm run train -- ${args.join(' ')}`)
  for (const { when, roc } of report.measured) {
    console.log(`${report.measuredOn}, ${when}: AUC ${roc.area.toFixed(4)}`)
  }
  console.log(
    `best after epoch ${report.bestEpoch} of ${report.history.length}, ` +
      `${Math.round(report.seconds)} s; everything is in ${choices.out}`,
  )
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
