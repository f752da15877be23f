/** npm run exercise: the three tasks of the FaceNet exercise in Node, without a server; docs/exercise.md maps its steps. */
import { declare } from '../scripts/front/command.ts'
import { distance, number, optionalArgument, text } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { runExercise } from './exercise/run-exercise.ts'

export const command = declare({
  name: 'exercise',
  summary:
    'Does the three tasks of the FaceNet exercise on the photos in images/, or on the sample people.',
  about:
    'Its triplet loss on its own tensors; the encodings of everybody; and the door: verify(photo, person) and who_is_it(photo), ' +
    'decided by the code of the Worker. Says where each expected value comes from. No server is needed.',
  arguments: {
    folder: optionalArgument('folder', 'another folder of people than images/', 'folder'),
  },
  options: {
    photo: text('FILE', 'one photo at the door, in place of those of cameras', 'file'),
    person: text('NAME', 'with --photo: whom it claims to show'),
    uncalibrated: number(
      'DISTANCE',
      'distance that decides if nobody calibrated the packed network',
      distance,
    ),
  },
  examples: ['', '--photo images/camera_3.jpg --person bertrand'],
  check: ({ photo, person }) =>
    person !== undefined && photo === undefined ? '--person wants --photo beside it' : undefined,
  async run(values) {
    const isAsExpected = await runExercise(values, ({ title, lines }) => {
      console.log(`\n${title}`)
      for (const line of lines) console.log(`  ${line}`)
    })
    return isAsExpected ? 0 : 1
  },
})

if (import.meta.main) runCommand(command)
