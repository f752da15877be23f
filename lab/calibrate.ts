/** npm run calibrate: metric and thresholds of the packed weights, fitted to photos of known people. */
import { basename } from 'node:path'
import { declare } from '../scripts/front/command.ts'
import { argument, choice, text } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { givenKeys, keyOptions } from '../scripts/photos/key-options.ts'
import { describeLeft, readPeople, requireSomebody } from '../scripts/photos/people.ts'
import { readChoices } from '../scripts/weights/pack-choices.ts'
import { packedEncoder } from '../scripts/weights/packed-encoder.ts'
import { metricKinds } from '../src/encoding/metrics/metric.ts'
import { calibrate, calibrationFile, writeCalibration } from './accuracy/calibrate.ts'
import { describeCalibration } from './accuracy/describe-calibration.ts'
import { describeMissed } from './accuracy/encoded-photos.ts'
import { metricsByPeople } from './accuracy/fit/fit-metric.ts'
import { readOnePerson } from './datasets/one-person.ts'
import { leaveOut, seenPeople } from './training/seen-people.ts'

export const command = declare({
  name: 'calibrate',
  summary: 'Fits the metric and the thresholds of the packed weights to photos of known people.',
  about:
    'Writes src/decision/calibration.json, which the Worker bundles; other models in it stay. A false-match rate of ' +
    '1e-4 takes a thousand people or more; rates that the people do not support are not written. ' +
    `The metric is ${metricsByPeople}. People that the weights were trained on are left out. ` +
    'Encodings are kept in build/encodings: a run that was stopped encodes the other photos only.',
  usage: `<folder of people> [--metric ${metricKinds.join('|')}] [--data "what the photos are"] [--one-person A=B,...]`,
  arguments: {
    folder: argument(
      'folder of people',
      'images/README.md says how it is laid out; or an h5 file',
      'folder or h5 file',
    ),
  },
  options: {
    metric: choice(metricKinds, 'the metric to fit'),
    data: text(
      '"what the photos are"',
      'for whoever reads the table; the name of the folder unless given',
    ),
    onePerson: text('A=B,...', 'two names under which the folder has one person'),
    ...keyOptions,
  },
  examples: ['photos --data "our staff, 1,200 people"'],
  check: ({ onePerson }) =>
    onePerson !== undefined && readOnePerson(onePerson) === undefined
      ? '--one-person: expected names such as A=B,C=D'
      : undefined,
  async run({ folder, metric, data = basename(folder), onePerson, ...keys }, { typed }) {
    const found = requireSomebody(folder, await readPeople(folder, givenKeys(keys)))
    for (const line of describeLeft(found)) console.error(line)
    const [encoder] = await readChoices(await packedEncoder())
    const { photos, note } = leaveOut(found.photos, await seenPeople(encoder!.folder))
    if (note !== undefined) console.error(note)
    const { calibration, leftOut, missed } = await calibrate(photos, {
      onePerson: onePerson === undefined ? [] : readOnePerson(onePerson)!,
      metric,
      data,
      command: typed,
    })
    await writeCalibration(calibration)
    for (const line of describeMissed(missed)) console.error(line)
    console.log(describeCalibration(calibration))
    for (const line of leftOut) console.log(line)
    console.log(`written to ${calibrationFile}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
