/**
 * npm start [-- --uncalibrated DISTANCE --liveness off|advise|require]
 *
 * Sets everything up, serves the Worker on http://127.0.0.1:8787 (PORT), enrolls the sample people and prints a request to
 * try. Runs until it is stopped. Weights that nobody calibrated decide by the distance given, and every answer says so.
 * With a liveness policy the Worker looks whether faces are live, if `npm run liveness` packed the network for it.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { livenessPolicies } from '../src/decision/liveness.ts'
import { findPeople } from './enroll.ts'
import { progressBar } from './front/progress.ts'
import { enrollPeople } from './people/enroll-people.ts'
import { sampleImagesDir, sampleProbe } from './setup/samples.ts'
import { setUp, wranglerBin, wranglerEnv } from './setup.ts'
import { projectRoot } from './weights/networks.ts'

const startTimeoutMs = 60_000
/** A Worker that answers, but not well, will not get better by waiting. */
const maxUnhealthyAnswers = 3

const { values } = parseArgs({
  options: { uncalibrated: { type: 'string' }, liveness: { type: 'string' } },
})
const { uncalibrated, liveness } = values
if (
  uncalibrated !== undefined &&
  !(/^\d+(\.\d+)?$/.test(uncalibrated) && Number(uncalibrated) > 0)
) {
  console.error(`--uncalibrated is "${uncalibrated}", expected a distance such as 0.5`)
  process.exit(2)
}
if (liveness !== undefined && !livenessPolicies.some((policy) => policy === liveness)) {
  console.error(`--liveness is "${liveness}", expected ${livenessPolicies.join(', ')}`)
  process.exit(2)
}
const port = Number(process.env.PORT ?? 8787)
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error(`PORT is "${process.env.PORT}", expected a number from 1 to 65535`)
  process.exit(2)
}
if (!(await isFree(port))) {
  console.error(`port ${port} of 127.0.0.1 is taken; choose another with PORT=... npm start`)
  process.exit(1)
}
const keys = await setUp()
const url = `http://127.0.0.1:${port}`
const server = spawn(
  wranglerBin,
  [
    'dev',
    '--ip',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--show-interactive-dev-session=false',
    '--log-level',
    'warn',
    ...(uncalibrated === undefined ? [] : ['--var', `UNCALIBRATED:${uncalibrated}`]),
    ...(liveness === undefined ? [] : ['--var', `LIVENESS:${liveness}`]),
  ],
  { cwd: projectRoot, stdio: ['ignore', 'inherit', 'inherit'], env: wranglerEnv },
)
server.on('exit', (code) => process.exit(code ?? 1))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => server.kill(signal))
}

await untilHealthy()
const people = await findPeople(sampleImagesDir)
const outcomes = await enrollPeople(
  people,
  { url, key: keys.ADMIN_KEY.split(',')[0]! },
  progressBar('enrolling samples'),
)
for (const { identity, failure } of outcomes) {
  if (failure) console.error(`sample ${identity} was not enrolled: ${failure}`)
}
console.log(`
facegate serves on ${url} with ${people.size} sample people enrolled: ${[...people.keys()].join(', ')}
Is this photo of eve?

curl -s ${url}/verify \\
  -H 'Authorization: Bearer ${keys.APP_KEY.split(',')[0]}' \\
  -F identity=eve -F image=@${relative(process.cwd(), sampleProbe)}
`)

/** Another server on the port would answer in place of ours. */
function isFree(candidate: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(candidate, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

async function untilHealthy(): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  let last = 'no answer'
  let unhealthy = 0
  while (Date.now() < deadline && unhealthy < maxUnhealthyAnswers) {
    try {
      const response = await fetch(`${url}/health`)
      if (response.ok) return
      last = await response.text()
      unhealthy++
    } catch (error) {
      last = `${error}`
    }
    await sleep(200)
  }
  console.error(`the Worker is not healthy: ${last}`)
  server.kill()
  process.exit(1)
}
