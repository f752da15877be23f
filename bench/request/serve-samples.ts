/** The real bundle in workerd, with the sample people enrolled, for benches that ask it over loopback. */
import { createTestHarness } from 'wrangler'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { enrollPeople } from '../../scripts/people/enroll-people.ts'
import { findPeople } from '../../scripts/photos/people.ts'
import { sampleImagesDir } from '../../scripts/setup/samples.ts'
import { leaveOutTraces } from './without-traces.ts'

export interface ServedSamples {
  readonly url: URL
  readonly people: number
  close(): Promise<void>
}

/** @param keys that it is to take; set up before */
export async function serveSamples(keys: {
  readonly admin: string
  readonly app: string
}): Promise<ServedSamples> {
  leaveOutTraces()
  const secrets = { ADMIN_KEY: keys.admin, APP_KEY: keys.app }
  // One person is verified again and again.
  const vars = { ATTEMPTS_PER_HOUR: 100_000 }
  const workers = [{ configPath: 'wrangler.toml', secrets, vars }]
  const server = createTestHarness({ root: projectRoot, workers })
  const { url } = await server.listen()
  const people = await findPeople(sampleImagesDir)
  const enrolled = await enrollPeople(people, { url: `${url}`, key: keys.admin })
  const failed = enrolled.find(({ failure }) => failure)
  if (failed) throw new Error(`${failed.identity} was not enrolled: ${failed.failure}`)
  return { url, people: people.size, close: () => server.close() }
}
