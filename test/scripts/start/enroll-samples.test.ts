/** Against a store of people in memory that answers as the Worker does. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrollSamples } from '../../../scripts/start/enroll-samples.ts'

interface Stored {
  readonly model: string
  readonly updatedAt: string
}

const key = 'samples-test-key'
let folder: string
let samples: ReadonlyMap<string, readonly string[]>
let server: Server
let url: string
let stored: Map<string, Stored | 'unreadable'>
let running: string
let puts: string[]

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
  let time = 0
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const identity = request.url!.split('/').at(-1)!
      if (request.method === 'PUT') {
        puts.push(identity)
        stored.set(identity, { model: running, updatedAt: `time ${time++}` })
      }
      const person = stored.get(identity)
      const code = person === 'unreadable' ? 'record_unreadable' : 'identity_not_found'
      const isFound = typeof person === 'object'
      const status = isFound ? 200 : person === undefined ? 404 : 500
      const body = isFound
        ? { identity, encodings: 1, images: [], ...person }
        : { code, detail: 'none', hint: 'none', retryable: false }
      const type = isFound ? 'application/json' : 'application/problem+json'
      response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

/** As `npm start` does. @returns who was enrolled by it, and who it says is there */
async function start(): Promise<{ enrolled: string[]; told: string[]; left?: string[] }> {
  puts = []
  const noteFile = join(folder, 'state', 'samples.json')
  const outcomes = await enrollSamples(samples, { url, key }, { noteFile, model: running })
  const left = outcomes.filter(({ failure }) => failure?.startsWith('somebody has this name'))
  return {
    enrolled: puts,
    told: outcomes.filter(({ failure }) => failure === undefined).map(({ identity }) => identity),
    ...(left.length > 0 && { left: left.map(({ identity }) => identity) }),
  }
}

describe('the sample people of npm start', () => {
  it('are enrolled into an empty store, and left alone from then on', async () => {
    expect(await start()).toEqual({ enrolled: ['ada', 'eve'], told: ['ada', 'eve'] })
    expect(await start()).toEqual({ enrolled: [], told: ['ada', 'eve'] })
  })

  it('stay deleted when they were deleted', async () => {
    await start()
    stored.delete('eve')
    expect(await start()).toEqual({ enrolled: [], told: ['ada'] })
  })

  it('do not replace somebody who took the name of one', async () => {
    const own = { model: 'net@1', updatedAt: 'own' }
    stored.set('eve', own)
    expect(await start()).toEqual({ enrolled: ['ada'], told: ['ada'], left: ['eve'] })
    stored.set('ada', own)
    running = 'net@2'
    expect(await start()).toEqual({ enrolled: [], told: [], left: ['ada', 'eve'] })
    expect([...stored.values()]).toEqual([own, own])
  })

  it('are encoded anew for another network', async () => {
    await start()
    running = 'net@2'
    expect(await start()).toEqual({ enrolled: ['ada', 'eve'], told: ['ada', 'eve'] })
    expect(await start()).toEqual({ enrolled: [], told: ['ada', 'eve'] })
  })

  it('are enrolled again when no key opens their records, others of the name are not', async () => {
    await start()
    stored.set('eve', 'unreadable')
    expect((await start()).enrolled).toEqual(['eve'])
    await rm(join(folder, 'state'), { recursive: true })
    stored.set('ada', 'unreadable')
    expect((await start()).enrolled).toEqual([])
  })

  it('are noted by the moment when they last changed', async () => {
    await start()
    const note = await readFile(join(folder, 'state', 'samples.json'), 'utf8')
    expect(JSON.parse(note)).toEqual({ ada: 'time 0', eve: 'time 1' })
  })
})
