/** The scripts for many people against the real bundle, with real photos. */
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrollLocally } from '../../../scripts/people/enroll-local.ts'
import { checkPeopleFile } from '../../../scripts/people/people-file.ts'
import {
  probeFile,
  readPhoto,
  sampleFile,
  sampleFolder,
  samplePeople,
} from '../../support/photos/sample-photos.ts'
import { formOf } from '../../support/running/http.ts'
import { bundleKeys, useBundle } from '../../support/running/real-bundle.ts'
import { runScript } from '../../support/running/run-script.ts'

const bundle = useBundle()
let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-bulk-'))
  file = join(folder, 'people.ndjson')
})
afterAll(() => rm(folder, { recursive: true }))

const run = (name: string, ...args: string[]) =>
  runScript(name, ...args, '--url', `${bundle.url}`, '--key', bundleKeys.admin)

async function verifyEve(): Promise<unknown> {
  const response = await bundle.app.post('/verify', {
    identity: 'eve',
    image: await readPhoto(probeFile),
  })
  return (await response.json<{ decision?: string; code?: string }>()).decision
}

// In this order: each step finds what the one before left.
describe('the scripts for many people', () => {
  it('enroll --local stores what the Worker itself would: enroll changes nothing after it', async () => {
    const local = await run('enroll', sampleFolder, '--local')
    expect(local.stdout).toContain('enrolled 6 of 6 people (6 photos)')
    expect(local.status).toBe(0)
    const people = () =>
      Promise.all(
        samplePeople.map(async (person) =>
          (await bundle.admin.get(`/admin/identities/${person}`)).json(),
        ),
      )
    const before = await people()
    expect((await run('enroll', sampleFolder)).stdout).toContain('enrolled 6 of 6 people')
    expect(await people()).toEqual(before)
    expect(await verifyEve()).toBe('match')
  })

  it('enroll --local refuses photos that are not of one person, and somebody enrolled already', async () => {
    const people = join(folder, 'people')
    await mkdir(join(people, 'mixed'), { recursive: true })
    await copyFile(sampleFile('ada'), join(people, 'mixed', '1.jpg'))
    await copyFile(sampleFile('dora'), join(people, 'mixed', '2.jpg'))
    await copyFile(sampleFile('eve'), join(people, 'twin.jpg'))
    await writeFile(join(people, 'broken.jpg'), 'no photo')
    const { stdout, status } = await run('enroll', people, '--local')
    expect(status).toBe(1)
    expect(stdout).toContain('enrolled 0 of 3 people')
    expect(stdout).toContain('not enrolled: broken: image_unsupported: photo 1 of 1')
    expect(stdout).toContain('not enrolled: mixed: photos_differ: photo 1 of 2')
    expect(stdout).toContain('    2.jpg: photos_differ')
    expect(stdout).toContain('not enrolled: twin: duplicate_person: The person is enrolled as eve')
  })

  it('enroll --local that was killed goes on: who was uploaded is left as they are, unless deleted since', async () => {
    const people = new Map(
      (['ada', 'bea', 'cleo', 'dora'] as const).map((person) => [
        `again-${person}`,
        [sampleFile(person)],
      ]),
    )
    const options = { url: `${bundle.url}`, key: bundleKeys.admin, allowDuplicate: true, chunk: 2 }
    let steps = 0
    const killed = {
      start: () => {},
      step: () => {
        if (++steps === 2) throw new Error('killed')
      },
      stop: () => {},
    }
    await expect(enrollLocally(people, options, killed)).rejects.toThrow('killed')
    const listed = async () => {
      const response = await bundle.admin.get('/admin/identities?prefix=again-')
      const { identities } = await response.json<{ identities: { identity: string }[] }>()
      return identities.map(({ identity }) => identity)
    }
    expect(await listed()).toEqual(['again-ada', 'again-bea'])
    await bundle.admin.delete('/admin/identities/again-ada')
    const other = await readPhoto(sampleFile('fay'))
    const form = formOf({ image: other, allowDuplicate: 'true' })
    const headers = { Authorization: `Bearer ${bundleKeys.admin}` }
    const path = new URL('/admin/identities/again-bea', bundle.url)
    expect((await fetch(path, { method: 'PUT', headers, body: form })).status).toBe(200)
    const outcomes = await enrollLocally(people, options)
    expect(outcomes).toEqual([...people.keys()].map((identity) => ({ identity, photos: 1 })))
    expect(await listed()).toEqual([...people.keys()])
    const verified = await bundle.app.post('/verify', { identity: 'again-bea', image: other })
    expect(await verified.json()).toMatchObject({ decision: 'match' })
    // It came to its end: the next one begins anew.
    await enrollLocally(new Map([...people].slice(1, 2)), options)
    const anew = await bundle.app.post('/verify', { identity: 'again-bea', image: other })
    expect(await anew.json()).toMatchObject({ decision: 'no_match' })
    for (const identity of people.keys()) await bundle.admin.delete(`/admin/identities/${identity}`)
  })

  it('export writes a whole file that only its owner may read', async () => {
    const { stdout, status } = await run('export', file)
    expect(stdout.trim()).toBe(`exported 6 people to ${file}`)
    expect(status).toBe(0)
    expect(await checkPeopleFile(file)).toEqual({ people: 6, checksum: 'verified' })
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it('import-people brings back who was deleted and leaves the others', async () => {
    await bundle.admin.delete('/admin/identities/eve')
    expect(await verifyEve()).toBeUndefined()
    const { stdout, status } = await run('import-people', file)
    expect(stdout.trim()).toBe('imported: 1 created, 0 replaced, 5 unchanged, 0 refused')
    expect(status).toBe(0)
    expect(await verifyEve()).toBe('match')
  })

  it('import-people refuses a file that was cut off or changed, unless it is meant', async () => {
    const text = await readFile(file, 'utf8')
    const cut = join(folder, 'cut.ndjson')
    await writeFile(cut, text.slice(0, text.indexOf('"dora"') + 100))
    const refused = await run('import-people', cut)
    expect(refused.stderr).toContain('it has no closing line; the export was cut off')
    expect(refused.status).toBe(1)
    const changed = join(folder, 'changed.ndjson')
    await writeFile(changed, text.replace('"eve"', '"eva"'))
    expect((await run('import-people', changed)).stderr).toContain('its checksum is wrong')
    const meant = await run('import-people', cut, '--incomplete')
    expect(meant.stdout).toContain('imported: 0 created, 0 replaced, 3 unchanged, 1 refused')
    expect(meant.stdout).toContain('not imported: line 5: invalid_request: expected a JSON object')
    expect(meant.status).toBe(1)
  })

  it('rotate-key finds nobody under another key than the first', async () => {
    const { stdout, status } = await run('rotate-key')
    expect(stdout.trim().split('\n')).toEqual([
      'sealed anew: 0 people',
      'Nobody needs another key than the first of TEMPLATE_KEYS: the others can be removed.',
    ])
    expect(status).toBe(0)
  })

  it('reenroll says who has nothing of the packed network, and --finish has nothing to forget', async () => {
    const again = await run('reenroll', sampleFolder)
    expect(again.stdout).toContain('encoded anew 6 of 6 people (6 photos)')
    expect(again.stdout).toMatch(/Everybody enrolled has encodings of dlib-resnet@[0-9a-f]{8}\./)
    const finish = await runScript(
      'reenroll',
      '--finish',
      '--url',
      `${bundle.url}`,
      '--key',
      bundleKeys.admin,
    )
    expect(finish.stdout).toMatch(/^0 people now have encodings of dlib-resnet@[0-9a-f]{8} only/)
    expect(finish.status).toBe(0)
  })

  it('reenroll takes twins where they are allowed, as they were when they were enrolled', async () => {
    const twins = join(folder, 'twins')
    await mkdir(twins)
    await copyFile(sampleFile('eve'), join(twins, 'eves-twin.jpg'))
    const allowed = await run('enroll', twins, '--allow-duplicate')
    expect(allowed.stdout).toContain('enrolled 1 of 1 person')
    await copyFile(probeFile, join(twins, 'eves-twin.jpg'))
    const strangelyNamed = join(twins, 'Zoë Li.jpg')
    await copyFile(sampleFile('fay'), strangelyNamed)
    const refused = await run('reenroll', twins)
    await rm(strangelyNamed)
    expect(refused.stdout).toContain('not encoded anew: eves-twin: duplicate_person')
    expect(refused.stdout).toContain('"--allow-duplicate" takes somebody')
    expect(refused.stdout).toContain('not encoded anew: Zoë Li: the name cannot be an identity')
    expect(refused.stdout).toContain('encoded anew 0 of 2 people')
    expect(refused.status).toBe(1)
    const taken = await run('reenroll', twins, '--allow-duplicate')
    expect(taken.stdout).toContain('encoded anew 1 of 1 person')
    expect(taken.status).toBe(0)
  })
})
