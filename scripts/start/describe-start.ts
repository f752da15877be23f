/** What `npm start` says when the Worker serves: where it is, who is enrolled and who is not, and a request to try. */
import { relative } from 'node:path'
import type { EnrollOutcome } from '../people/enroll-outcome.ts'
import { sampleProbe } from '../setup/samples.ts'
import { networkAddresses } from './local-worker.ts'

/** Who is on the probe. */
const tried = 'eve'

export interface Started {
  readonly url: string
  readonly port: number
  /** Other machines of the network may ask it too. */
  readonly isOpen: boolean
  readonly outcomes: readonly EnrollOutcome[]
  /** What decides, and what would decide better, in a line. */
  readonly encoder: string
  /** LIVENESS is active. */
  readonly needsPoses: boolean
  /** Of the role app. */
  readonly key: string
  readonly adminKey: string
}

export function describeStart(started: Started): string {
  const { url, port, isOpen, outcomes, encoder, needsPoses, key, adminKey } = started
  const refused = outcomes.filter(({ failure }) => failure !== undefined)
  const names = namesEnrolled(outcomes)
  const of = refused.length === 0 ? '' : ` of ${outcomes.length}`
  const noun = outcomes.length === 1 ? 'person' : 'people'
  const samples =
    names.length === 0
      ? 'without a sample person'
      : `with ${names.length}${of} sample ${noun} enrolled: ${names.join(', ')}`
  return [
    '',
    `facegate serves on ${url}${outcomes.length === 0 ? '' : ` ${samples}`}`,
    ...refused.map(({ identity, failure }) => `  not enrolled: ${identity}: ${failure}`),
    `  demo  ${url}/`,
    `  docs  ${url}/docs`,
    `  people  ${url}/admin`,
    `Keys to enter there: ${key} for the demo, ${adminKey} for the people.`,
    encoder,
    'Answers tell distances, because DETAIL=scores is set here; a deployed Worker tells an app the decision only.',
    ...(isOpen ? describeNetwork(networkAddresses(port)) : []),
    ...(needsPoses ? [posesNeeded] : names.includes(tried) ? describeRequest(url, key) : []),
    '',
  ].join('\n')
}

const posesNeeded =
  'LIVENESS is active: one photo matches nobody, only the poses of a session do (docs/sessions.md).'

/** @param outcomes of the sample people: it names one who is enrolled */
export function describeUnlockApp(
  addresses: readonly string[],
  outcomes: readonly EnrollOutcome[],
): string {
  const names = namesEnrolled(outcomes)
  const example = names.includes(tried) ? tried : names[0]
  const isForPhones = addresses.some((address) => address.startsWith('https:'))
  return [
    'The example app:',
    ...addresses.map((address) => `  unlock  ${address}/`),
    `Enter the name of somebody enrolled${example === undefined ? '' : `, such as ${example}`}, or enroll yourself.`,
    ...(isForPhones
      ? [
          'A phone gives pages its camera over https only. The certificate is this machine’s own: its browser warns, and you go on.',
        ]
      : []),
    '',
  ].join('\n')
}

function namesEnrolled(outcomes: readonly EnrollOutcome[]): string[] {
  return outcomes.filter(({ failure }) => failure === undefined).map(({ identity }) => identity)
}

function describeNetwork(addresses: readonly string[]): string[] {
  if (addresses.length === 0) return ['This machine has no address in a network.']
  return [
    'From a phone in the same network:',
    ...addresses.map((address) => `  demo  ${address}/    docs  ${address}/docs`),
    'Warning: everybody in this network can reach it, and the keys are local ones, sent without encryption. Use it for trying out only.',
  ]
}

function describeRequest(url: string, key: string): string[] {
  return [
    `Is this photo of ${tried}?`,
    '',
    `curl -s ${url}/verify \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -F identity=${tried} -F image=@${relative(process.cwd(), sampleProbe)}`,
  ]
}
