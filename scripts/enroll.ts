/** npm run enroll: people from a folder of photos into a Worker's gallery. */
import { declare } from './front/command.ts'
import { CommandFault } from './front/fault.ts'
import { argument, distance, flag, number } from './front/inputs.ts'
import { progressBar } from './front/progress.ts'
import { runCommand } from './front/run-command.ts'
import { describeOutcomes, keepOutcomes } from './people/enroll-outcome.ts'
import { enrollPeople } from './people/enroll-people.ts'
import { findPeople } from './people/find-people.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'

export const command = declare({
  name: 'enroll',
  summary: 'Enrolls people from <folder>/<person>.jpg or <folder>/<person>/*.jpg.',
  about:
    'Running it again changes nothing. Says who was not enrolled and why, photo by photo, and then ends with code 1. Somebody ' +
    'who is enrolled under another identity is refused.',
  arguments: { folder: argument('folder', 'a folder of people', 'folder') },
  options: {
    ...addressOptions,
    allowDuplicate: flag('enroll somebody who is enrolled under another identity too'),
    local: flag('encode the photos here, on all cores, and send encodings only'),
    uncalibrated: number(
      'DISTANCE',
      'with --local: what photos of one person are compared by when the packed network is not calibrated',
      distance,
    ),
  },
  examples: ['images', 'images --local --url https://facegate.example.com --key $ADMIN_KEY'],
  async run({ folder, local, allowDuplicate, uncalibrated, ...values }, { onStop }) {
    const people = await findPeople(folder)
    if (people.size === 0) {
      throw new CommandFault(`${folder} holds no photos; expected <person>.jpg or <person>/*.jpg`)
    }
    const { onOutcome, summary } = keepOutcomes(people.size)
    onStop(summary)
    const options = {
      ...(await addressOf(values)),
      allowDuplicate,
      onOutcome,
      uncalibrated,
    }
    // Only the second loads the networks.
    const enroll = local ? (await import('./people/enroll-local.ts')).enrollLocally : enrollPeople
    const outcomes = await enroll(people, options, progressBar('enrolling'))
    console.log(describeOutcomes(outcomes))
    return outcomes.some(({ failure }) => failure) ? 1 : 0
  },
})

if (import.meta.main) runCommand(command)
