/** npm run rotate-key: the third step of a rotation; docs/people.md has all steps. */
import { countOf } from '../src/lib/count-of.ts'
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'
import { describeRotation, rotateKey } from './people/rotate-key.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'

export const command = declare({
  name: 'rotate-key',
  summary: "Re-encrypts everybody with the first of the Worker's TEMPLATE_KEYS, while it serves.",
  about:
    'Repeats until nobody needs another key, and then says that the others can be removed. A run that was stopped is resumed ' +
    'by running it again.',
  options: addressOptions,
  examples: ['', '--url https://facegate.example.com --key $ADMIN_KEY'],
  async run(values, { onStop }) {
    let sealed = 0
    onStop(() =>
      sealed === 0
        ? undefined
        : `sealed anew: ${countOf(sealed, 'person')}; run it again for the rest`,
    )
    const rotation = await rotateKey(await addressOf(values), (reencrypted) => {
      sealed = reencrypted
      if (process.stderr.isTTY) process.stderr.write(`\rsealed anew: ${reencrypted}`)
    })
    if (process.stderr.isTTY) process.stderr.write('\r')
    console.log(describeRotation(rotation))
    return rotation.isFinished && rotation.unreadable.length === 0 ? 0 : 1
  },
})

if (import.meta.main) runCommand(command)
