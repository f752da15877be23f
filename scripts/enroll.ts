/** npm run enroll: people from a folder of photos into a Worker's gallery. */
import { declare } from './front/command.ts'
import { argument, distance, flag, number } from './front/inputs.ts'
import { progressBar } from './front/progress.ts'
import { runCommand } from './front/run-command.ts'
import { describeOutcomes, keepOutcomes } from './people/enroll-outcome.ts'
import { enrollPeople } from './people/enroll-people.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'
import { givenKeys, keyOptions } from './photos/key-options.ts'
import { splitByName } from './photos/names.ts'
import { byPerson, describeLeft, readPeople, requireSomebody } from './photos/people.ts'

export const command = declare({
  name: 'enroll',
  summary: 'Enrolls people from <folder>/<person>.jpg or <folder>/<person>/*.jpg, or an h5 file.',
  about:
    'Running it again changes nothing. Lists who was not enrolled and why, photo by photo; the exit code is then 1. Somebody ' +
    'who is enrolled under another identity is refused.',
  arguments: {
    folder: argument('folder', 'a folder of people, or an h5 file', 'folder or h5 file'),
  },
  options: {
    ...addressOptions,
    allowDuplicate: flag('enroll somebody who is enrolled under another identity too'),
    allowDifferent: flag('take photos of one person that differ as much as /verify lets in'),
    local: flag('encode the photos here, on all cores, and send encodings only'),
    uncalibrated: number(
      'DISTANCE',
      'with --local: what photos of one person are compared by when the packed network is not calibrated',
      distance,
    ),
    ...keyOptions,
  },
  examples: ['images', 'images --local --url https://facegate.example.com --key $ADMIN_KEY'],
  async run(
    { folder, local, allowDuplicate, allowDifferent, uncalibrated, ...values },
    { onStop },
  ) {
    const address = await addressOf(values)
    const found = await readPeople(folder, givenKeys(values))
    for (const line of describeLeft(found)) console.log(line)
    const { people, refused } = splitByName(byPerson(requireSomebody(folder, found).photos))
    const task = { of: people.size + refused.length, allowDifferent }
    const { onOutcome, summary } = keepOutcomes(task)
    onStop(summary)
    const options = {
      ...address,
      allowDuplicate,
      allowDifferent,
      onOutcome,
      uncalibrated,
    }
    // Only the second loads the networks.
    const enroll = local ? (await import('./people/enroll-local.ts')).enrollLocally : enrollPeople
    const enrolled = await enroll(people, options, progressBar('enrolling'))
    const outcomes = [...enrolled, ...refused]
    console.log(describeOutcomes(outcomes, task))
    return outcomes.some(({ failure }) => failure) ? 1 : 0
  },
})

if (import.meta.main) runCommand(command)
