/** Against a store of people in memory that answers as the Worker does. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrollSamples } from '../../../scripts/start/enroll-samples.ts'

interface Stored {
  readonly model: string
  readonly updatedAt: string
  readonly createdAt?: string
  readonly name?: string
  readonly encodings?: number
  /** Of the sample's photo. */
  readonly distance?: number
  readonly decision?: 'match'
}

const key = 'samples-test-key'
let folder: string
let samples: ReadonlyMap<string, readonly string[]>
let server: Server
let url: string
let stored: Map<string, Stored | 'unreadable'>
let running: string
let puts: string[]
let asked: string[]
/** Enrolled by a request that has others looked for. */
let searched: string[]
/** The key is refused from this person's enrollment on, which ends the command. */
let refusedFrom: string | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-samples-'))
  const photo = join(folder, 'photo.jpg')
  await writeFile(photo, 'a photo')
  samples = new Map([
    ['ada', [photo]],
    ['eve', [photo]],
  ])
  stored = new Map()
  running = 'net@1'
  puts = []
  asked = []
  searched = []
  refusedFrom = undefined
  let time = 0
  server = createServer(async (request, response) => {
    const body = await text(request)
    const isQuestion = request.url === '/verify'
    const identity = isQuestion
      ? /name="identity"\s+(\w+)/.exec(body)![1]!
      : request.url!.split('/').at(-1)!
    if (request.method === 'PUT') {
      if (identity === refusedFrom) {
        const refusal = { code: 'unauthorized', detail: 'none', hint: 'none', retryable: false }
        response.writeHead(401, { 'content-type': 'application/problem+json' })
        return void response.end(JSON.stringify(refusal))
      }
      puts.push(identity)
      if (!body.includes('name="allowDuplicate"')) searched.push(identity)
      const updatedAt = `time ${time++}`
      stored.set(identity, { model: running, updatedAt, distance: 0.19, decision: 'match' })
    }
    if (isQuestion) asked.push(identity)
    const person = stored.get(identity)
    const code = person === 'unreadable' ? 'record_unreadable' : 'identity_not_found'
    const isFound = typeof person === 'object'
    const status = isFound ? 200 : person === undefined ? 404 : 503
    const answer = isFound
      ? { identity, encodings: 1, images: [], decision: 'no_match', threshold: 0.6, ...person }
      : { code, detail: 'none', hint: 'none', retryable: false }
    const type = isFound ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

const noteFile = () => join(folder, 'state', 'samples.json')
const own = { model: 'net@1', updatedAt: 'own', distance: 0.9 }

/** As `npm start` does. @returns who was enrolled by it, who it says is there, and why others are not */
async function start() {
  puts = []
  searched = []
  const options = { noteFile: noteFile(), model: running }
  const outcomes = await enrollSamples(samples, { url, key }, options)
  const failures = outcomes.flatMap(({ identity, failure }) =>
    failure === undefined ? [] : [[identity, failure] as const],
  )
  return {
    enrolled: puts,
    told: outcomes.filter(({ failure }) => failure === undefined).map(({ identity }) => identity),
    ...(failures.length > 0 && { failed: Object.fromEntries(failures) }),
  }
}

const taken =
  'who has this name is somebody else, or was changed since, and stays as they are; to have the sample, delete them at /admin, and the next `npm start` enrolls the sample'
const unreadable =
  'somebody has this name, whose record no key opens; put the TEMPLATE_KEYS that sealed it back into .dev.vars, or delete them at /admin, ' +
  'and the next `npm start` enrolls the sample'

describe('the sample people of npm start', () => {
  it('are enrolled into an empty store, and left alone from then on', async () => {
    expect(await start()).toEqual({ enrolled: ['ada', 'eve'], told: ['ada', 'eve'] })
    expect(await start()).toEqual({ enrolled: [], told: ['ada', 'eve'] })
    expect(asked).toEqual([])
  })

  it('stay deleted when they were deleted', async () => {
    await start()
    stored.delete('eve')
    expect(await start()).toEqual({ enrolled: [], told: ['ada'] })
  })

  it('do not replace somebody who took the name of one', async () => {
    stored.set('eve', own)
    expect(await start()).toEqual({ enrolled: ['ada'], told: ['ada'], failed: { eve: taken } })
    stored.set('ada', own)
    running = 'net@2'
    const failed = { ada: taken, eve: taken }
    expect(await start()).toEqual({ enrolled: [], told: [], failed })
    expect([...stored.values()]).toEqual([own, own])
  })

  it('count as enrolled when they were renamed, and stay as they are on another network too', async () => {
    await start()
    const eve = stored.get('eve') as Stored
    const renamed = { ...eve, name: 'Eve', createdAt: eve.updatedAt, updatedAt: 'time later' }
    stored.set('eve', renamed)
    expect(await start()).toEqual({ enrolled: [], told: ['ada', 'eve'] })
    running = 'net@2'
    expect(await start()).toMatchObject({ enrolled: ['ada'], failed: { eve: taken } })
    running = 'net@1'
    expect((await start()).told).toEqual(['ada', 'eve'])
    expect(stored.get('eve')).toEqual(renamed)
  })

  it('do not count as enrolled when somebody else was enrolled in their place, and are compared once', async () => {
    await start()
    const { createdAt = 'time 1' } = stored.get('eve') as Stored
    const other = { model: 'net@1', createdAt, updatedAt: 'time later', distance: 0.9 }
    stored.set('eve', other)
    const failed = { eve: taken }
    expect(await start()).toEqual({ enrolled: [], told: ['ada'], failed })
    expect(await start()).toEqual({ enrolled: [], told: ['ada'], failed })
    expect(asked).toEqual(['eve'])
    expect(stored.get('eve')).toBe(other)
    stored.delete('eve')
    expect((await start()).enrolled).toEqual(['eve'])
  })

  it('come back when somebody who took the name of one is deleted', async () => {
    await start()
    stored.set('ada', own)
    expect(await start()).toMatchObject({ enrolled: [], failed: { ada: taken } })
    stored.delete('ada')
    expect(await start()).toEqual({ enrolled: ['ada'], told: ['ada', 'eve'] })
  })

  it('are encoded anew for another network, without a search for others like them', async () => {
    await start()
    expect(searched).toEqual(['ada', 'eve'])
    running = 'net@2'
    expect(await start()).toEqual({ enrolled: ['ada', 'eve'], told: ['ada', 'eve'] })
    expect(searched).toEqual([])
    expect(await start()).toEqual({ enrolled: [], told: ['ada', 'eve'] })
  })

  it('do not replace a record that no key opens, and come back when it is deleted', async () => {
    await start()
    stored.set('eve', 'unreadable')
    const failed = { eve: unreadable }
    expect(await start()).toEqual({ enrolled: [], told: ['ada'], failed })
    running = 'net@2'
    expect(await start()).toMatchObject({ enrolled: ['ada'], failed })
    expect(stored.get('eve')).toBe('unreadable')
    stored.delete('eve')
    expect((await start()).enrolled).toEqual(['eve'])
  })

  it('are noted by the moment when they last changed, each at once', async () => {
    refusedFrom = 'eve'
    await expect(start()).rejects.toThrow('refuses the key')
    expect(JSON.parse(await readFile(noteFile(), 'utf8'))).toEqual({ ada: 'time 0' })
    refusedFrom = undefined
    expect(await start()).toEqual({ enrolled: ['eve'], told: ['ada', 'eve'] })
    expect(JSON.parse(await readFile(noteFile(), 'utf8'))).toEqual({ ada: 'time 0', eve: 'time 1' })
  })

  it.each([
    ['there is none', undefined],
    ['it is half written', '{"ada":"time'],
    ['it is none', '[]'],
    ['it notes what nobody noted', '{"ada":1}'],
  ])('are known without their note by their photos: %s', async (_, note) => {
    await start()
    await rm(noteFile())
    if (note !== undefined) await writeFile(noteFile(), note)
    expect(await start()).toEqual({ enrolled: [], told: ['ada', 'eve'] })
    expect(asked).toEqual(['ada', 'eve'])
    running = 'net@2'
    expect((await start()).enrolled).toEqual(['ada', 'eve'])
  })

  it.each([
    ['another photo', { distance: 0.21 }],
    ['a distance that nobody tells', { distance: undefined }],
    ['a name', { distance: 0, name: 'Eve' }],
    ['two photos', { distance: 0, encodings: 2 }],
    ['encodings of another network', { distance: 0, model: 'net@0' }],
  ])('are not somebody without a note who has %s', async (_, differing) => {
    const person = { ...own, ...differing }
    stored.set('eve', person)
    const failed = { eve: taken }
    expect(await start()).toEqual({ enrolled: ['ada'], told: ['ada'], failed })
    running = 'net@2'
    expect(await start()).toEqual({ enrolled: ['ada'], told: ['ada'], failed })
    expect(stored.get('eve')).toBe(person)
  })

  it('are compared with somebody of the same name once', async () => {
    stored.set('eve', own)
    await start()
    await start()
    expect(asked).toEqual(['eve'])
  })
})
