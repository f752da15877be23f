/** npm run reenroll: a change of network without a pause; docs/people.md has the steps. */
import { countOf } from '../src/lib/count-of.ts'
import { declare } from './front/command.ts'
import { distance, flag, number, optionalArgument } from './front/inputs.ts'
import { progressBar } from './front/progress.ts'
import { runCommand } from './front/run-command.ts'
import { enrollLocally } from './people/enroll-local.ts'
import { describeOutcomes, keepOutcomes } from './people/enroll-outcome.ts'
import { describeWithout, peopleWithout } from './people/list-people.ts'
import { forgetOtherModels } from './people/prune-models.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'
import { givenKeys, keyOptions } from './photos/key-options.ts'
import { splitByName } from './photos/names.ts'
import { byPerson, describeLeft, readPeople, requireSomebody } from './photos/people.ts'
import { packedModel } from './weights/packed-model.ts'

export const command = declare({
  name: 'reenroll',
  summary:
    'Adds encodings of the network packed here to people enrolled with the one that the Worker runs.',
  about:
    'Each network uses its own. A run that was stopped is resumed by running it again. At the end it lists who has none of the new ' +
    'network yet. When everybody has, deploy the new network; --finish then deletes the old encodings. Until then the old network ' +
    'can be deployed again.',
  usage: '<folder> | --finish [options]',
  arguments: {
    folder: optionalArgument('folder', 'photos of people who are enrolled', 'folder or h5 file'),
  },
  options: {
    ...addressOptions,
    allowDuplicate: flag('add to somebody whom the new network finds under another identity too'),
    allowDifferent: flag('take photos of one person that differ as much as /verify lets in'),
    uncalibrated: number(
      'DISTANCE',
      'what photos of one person are compared by, without a calibration',
      distance,
    ),
    ...keyOptions,
    finish: flag('delete the encodings of every network but the one that is packed here and runs'),
  },
  examples: ['images', '--finish'],
  check: ({ folder, finish }) =>
    finish === (folder !== undefined)
      ? 'expected a folder of people, or --finish alone'
      : undefined,
  async run({ folder, allowDuplicate, allowDifferent, uncalibrated, ...values }, { onStop }) {
    const address = await addressOf(values)
    const model = await packedModel()
    let failed = false
    if (folder === undefined) {
      const forgotten = await forgetOtherModels(address)
      console.log(
        `${countOf(forgotten, 'person')} now ${forgotten === 1 ? 'has' : 'have'} encodings of ${model} only`,
      )
    } else {
      const found = await readPeople(folder, givenKeys(values))
      for (const line of describeLeft(found)) console.log(line)
      const { people, refused } = splitByName(byPerson(requireSomebody(folder, found).photos))
      const of = people.size + refused.length
      const task = { deed: 'encoded anew', of, allowDifferent } as const
      const { onOutcome, summary } = keepOutcomes(task)
      onStop(summary)
      const allowed = { allowDuplicate, allowDifferent, uncalibrated }
      const options = { ...address, ...allowed, onOutcome, secondModel: true }
      const encoded = await enrollLocally(people, options, progressBar('encoding anew'))
      const outcomes = [...encoded, ...refused]
      console.log(describeOutcomes(outcomes, task))
      failed = outcomes.some(({ failure }) => failure)
    }
    console.log(describeWithout(model, await peopleWithout(model, address)))
    return failed ? 1 : 0
  },
})

if (import.meta.main) runCommand(command)
