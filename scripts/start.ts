/** npm start: everything set up, the Worker served on this machine, the sample people enrolled. */
import { join } from 'node:path'
import { livenessPolicies } from '../src/decision/liveness.ts'
import { describeChoice } from './encoder/describe-choice.ts'
import { declare } from './front/command.ts'
import { CommandFault } from './front/fault.ts'
import { choice, distance, flag, number, portNumber } from './front/inputs.ts'
import { progressBar } from './front/progress.ts'
import { runCommand } from './front/run-command.ts'
import { findPeople } from './photos/people.ts'
import { describeIgnored } from './setup/local-keys.ts'
import { sampleImagesDir, sampleSiteDir } from './setup/samples.ts'
import { setUp } from './setup/set-up.ts'
import { describeStart, describeUnlockApp } from './start/describe-start.ts'
import { enrollSamples } from './start/enroll-samples.ts'
import { findPort, localStoreDir, startLocalWorker } from './start/local-worker.ts'
import { originsOf, portCount, startUnlock } from './unlock/start-unlock.ts'
import { packedModel } from './weights/packed-model.ts'

export const command = declare({
  name: 'start',
  summary:
    'Sets everything up, serves the Worker on http://127.0.0.1:8787, enrolls sample people, prints a request to try.',
  about:
    'Runs until it is stopped. A sample person who is deleted stays so; `rm .wrangler/state/v3/samples.json` brings all of them back. ' +
    'Somebody else who has the name of one stays until they are deleted; the next start then enrolls the sample. ' +
    'PORT in the environment does the same as --port.',
  options: {
    port: number('NUMBER', 'another port; 8787 unless given', portNumber),
    host: flag('serve other machines of this network too, such as a phone'),
    unlock: flag('serve the example app of examples/unlock too, on the next ports'),
    uncalibrated: number(
      'DISTANCE',
      'distance that decides for weights that nobody calibrated; every answer says so',
      distance,
    ),
    liveness: choice(
      livenessPolicies,
      'check whether faces are live (advise and require need `npm run liveness`)',
    ),
  },
  examples: ['', '--port 9000', '--host', '--unlock --host', '--liveness advise'],
  async run({ port: wanted, host, unlock, uncalibrated, liveness }, { onStop }) {
    // Before minutes are spent on setting up.
    const port = await findPort(host, wanted, unlock ? portCount(host) : 0)
    const keys = await setUp()
    const vars = {
      // A first try shows how near photos are. In production, whoever sees that can try until a photo matches.
      DETAIL: 'scores',
      // Other machines of the network call it by addresses that it does not know.
      ISSUER: `http://127.0.0.1:${port}`,
      ...(unlock && { ALLOWED_ORIGINS: originsOf(port + 1, host).join(',') }),
      ...(uncalibrated !== undefined && { UNCALIBRATED: `${uncalibrated}` }),
      ...(liveness !== undefined && { LIVENESS: liveness }),
    }
    const ignored = await describeIgnored()
    if (ignored !== null) console.error(ignored)
    console.log('starting the Worker ...')
    const { url, ended, stop } = await startLocalWorker({
      ...{ port, isOpen: host, vars },
      files: sampleSiteDir,
    })
    let isStopped = false
    let stopApp = (): void => {}
    onStop(async () => {
      isStopped = true
      stopApp()
      await stop()
      return undefined
    })
    const admin = { url, key: keys.ADMIN_KEY.split(',')[0]! }
    const samples = await findPeople(sampleImagesDir)
    const store = { noteFile: join(localStoreDir, 'samples.json'), model: await packedModel() }
    const outcomes = await enrollSamples(samples, admin, store, progressBar('enrolling samples'))
    console.log(
      describeStart({
        ...{ url, port, isOpen: host, outcomes },
        encoder: await describeChoice(uncalibrated),
        needsPoses: (await livenessPolicy(url)) === 'active',
        key: keys.APP_KEY.split(',')[0]!,
        adminKey: admin.key,
      }),
    )
    if (unlock) {
      const app = await startUnlock({ port: port + 1, isOpen: host, url, keys })
      stopApp = app.stop
      console.log(describeUnlockApp(app.addresses, outcomes))
    }
    const code = await ended
    stopApp()
    if (code !== 0 && !isStopped) throw new CommandFault(`the Worker ended with code ${code}`)
    return 0
  },
})

/** That of wrangler.toml unless given. */
async function livenessPolicy(url: string): Promise<string> {
  const health = (await (await fetch(`${url}/health`)).json()) as { liveness: { policy: string } }
  return health.liveness.policy
}

if (import.meta.main) runCommand(command)
