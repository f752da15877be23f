import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { CommandFault } from '../../scripts/front/fault.ts'
import { enrollPeople } from '../../scripts/people/enroll-people.ts'
import { writeDataset } from '../../scripts/photos/h5-dataset.ts'
import { findPeople } from '../../scripts/photos/people.ts'
import { folderFor } from '../../scripts/photos/photos-of-h5.ts'
import { runScript } from '../support/running/run-script.ts'

const key = 'enroll-test-key'

/** Waits of the script by length; none is waited for in this process. */
const sleeps = vi.hoisted((): number[] => [])
vi.mock('node:timers/promises', () => ({
  setTimeout: async (milliseconds: number) => {
    sleeps.push(milliseconds)
  },
}))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-people-'))
  await mkdir(join(folder, 'bob', 'older'), { recursive: true })
  for (const file of [
    'ada.jpg',
    'eve.PNG',
    'bob/2.jpg',
    'bob/1.webp',
    'bob/older/0.jpg',
    'a.txt',
  ]) {
    await writeFile(join(folder, file), `photo ${file}`)
  }
})
afterAll(() => rm(folder, { recursive: true }))

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly body: string
}

interface Reply {
  readonly status: number
  readonly body?: object | string
}

let server: Server
let url: string
let seen: Seen[]
/** What the server answers to the nth request for a path. */
let answer: (path: string, attempt: number) => Reply | 'hang up'

beforeEach(async () => {
  seen = []
  sleeps.length = 0
  answer = () => ({ status: 201, body: {} })
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method, url: path } = request
      const { authorization } = request.headers
      seen.push({ method, url: path, authorization, body: Buffer.concat(parts).toString('latin1') })
      const attempt = seen.filter((one) => one.url === path).length
      const reply = answer(path!, attempt)
      if (reply === 'hang up') return void request.socket.destroy()
      const isText = typeof reply.body === 'string'
      response.writeHead(reply.status, { 'Content-Type': 'application/problem+json' })
      response.end(isText ? reply.body : JSON.stringify(reply.body ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function problem(status: number, code: string, detail: string, retryable: boolean): Reply {
  return { status, body: { status, code, detail, hint: 'a hint', retryable } }
}

const attemptsFor = (path: string): number => seen.filter((one) => one.url === path).length

describe('findPeople', () => {
  it('takes a file for a person, and a folder with all photos under it', async () => {
    const people = await findPeople(folder)
    expect([...people]).toEqual([
      ['ada', [join(folder, 'ada.jpg')]],
      ['bob', ['1.webp', '2.jpg', 'older/0.jpg'].map((file) => join(folder, 'bob', file))],
      ['eve', [join(folder, 'eve.PNG')]],
    ])
  })

  it('finds nobody in a folder without photos', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'facegate-empty-'))
    expect(await findPeople(empty)).toEqual(new Map())
    await rm(empty, { recursive: true })
  })

  it('refuses a file and a path that is not there', async () => {
    for (const path of [join(folder, 'ada.jpg'), join(folder, 'absent')]) {
      await expect(findPeople(path)).rejects.toThrow(new Error(`${path}: there is no such folder`))
    }
  })
})

describe('enrollPeople', () => {
  it('puts each person with all photos, and the key', async () => {
    const people = await findPeople(folder)
    expect(await enrollPeople(people, { url, key })).toEqual([
      { identity: 'ada', photos: 1 },
      { identity: 'bob', photos: 3 },
      { identity: 'eve', photos: 1 },
    ])
    expect(seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
      'PUT /admin/identities/ada',
      'PUT /admin/identities/bob',
      'PUT /admin/identities/eve',
    ])
    for (const { authorization } of seen) expect(authorization).toBe(`Bearer ${key}`)
    const { body } = seen[1]!
    for (const file of ['1.webp', '2.jpg', 'older/0.jpg'])
      expect(body).toContain(`photo bob/${file}`)
    expect(body.match(/name="image"/g)).toHaveLength(3)
  })

  it('refuses more than ten photos of one person before it sends any', async () => {
    const photos = Array.from({ length: 75 }, () => join(folder, 'ada.jpg'))
    expect(await enrollPeople(new Map([['ada', photos]]), { url, key })).toEqual([
      {
        identity: 'ada',
        photos: 75,
        failure: 'too_many_images: 75 photos; 10 at most of one person.',
      },
    ])
    expect(seen).toEqual([])
  })

  it('escapes an identity in the path', async () => {
    await enrollPeople(new Map([['a/b c', [join(folder, 'ada.jpg')]]]), { url, key })
    expect(seen[0]!.url).toBe('/admin/identities/a%2Fb%20c')
  })

  it('tries again what may pass, waiting twice as long each time', async () => {
    answer = (_, attempt) =>
      attempt < 4 ? problem(503, 'store_unavailable', 'down', true) : { status: 200 }
    const people = new Map([['ada', [join(folder, 'ada.jpg')]]])
    expect(await enrollPeople(people, { url, key })).toEqual([{ identity: 'ada', photos: 1 }])
    expect(attemptsFor('/admin/identities/ada')).toBe(4)
    expect(sleeps).toEqual([500, 1000, 2000])
    // Each attempt carries the photos.
    for (const { body } of seen) expect(body).toContain('photo ada.jpg')
  })

  it('gives up after five attempts, with the reason', async () => {
    answer = () => problem(503, 'engine_unavailable', 'The network could not be started.', true)
    const people = new Map([['ada', [join(folder, 'ada.jpg')]]])
    expect(await enrollPeople(people, { url, key })).toEqual([
      {
        identity: 'ada',
        photos: 1,
        failure: 'engine_unavailable: The network could not be started.',
      },
    ])
    expect(attemptsFor('/admin/identities/ada')).toBe(5)
    expect(sleeps).toEqual([500, 1000, 2000, 4000])
  })

  it('does not repeat what will not pass, and goes on with the next person', async () => {
    answer = (path) =>
      path.endsWith('/ada') ? problem(422, 'no_face', 'No face was found.', false) : { status: 201 }
    expect(await enrollPeople(await findPeople(folder), { url, key })).toEqual([
      { identity: 'ada', photos: 1, failure: 'no_face: No face was found.' },
      { identity: 'bob', photos: 3 },
      { identity: 'eve', photos: 1 },
    ])
    expect(attemptsFor('/admin/identities/ada')).toBe(1)
    expect(sleeps).toEqual([])
  })

  it('tries again when the server hangs up', async () => {
    answer = (_, attempt) => (attempt === 1 ? 'hang up' : { status: 201 })
    const people = new Map([['ada', [join(folder, 'ada.jpg')]]])
    expect(await enrollPeople(people, { url, key })).toEqual([{ identity: 'ada', photos: 1 }])
    expect(attemptsFor('/admin/identities/ada')).toBe(2)
  })

  it('says what became of each photo, when the answer does', async () => {
    const images = [
      { outcome: 'encoded' },
      { outcome: 'no_face', detail: 'none' },
      { outcome: 'photos_differ', detail: 'not the same person' },
    ]
    answer = () => ({
      status: 422,
      body: {
        code: 'no_face',
        detail: 'photo 2 of 3: none',
        hint: 'a hint',
        retryable: false,
        images,
      },
    })
    const photos = ['1.webp', '2.jpg', 'older/0.jpg'].map((file) => join(folder, 'bob', file))
    expect(await enrollPeople(new Map([['bob', photos]]), { url, key })).toEqual([
      {
        identity: 'bob',
        photos: 3,
        failure: 'no_face: photo 2 of 3: none',
        images: images.map((image, i) => ({ photo: photos[i], ...image })),
      },
    ])
  })

  it('asks for duplicates to be let through only when it is told to', async () => {
    const people = new Map([['ada', [join(folder, 'ada.jpg')]]])
    await enrollPeople(people, { url, key })
    await enrollPeople(people, { url, key, allowDuplicate: true })
    expect(seen.map(({ body }) => /name="allowDuplicate"\s+true\s/.test(body))).toEqual([
      false,
      true,
    ])
  })

  it('ends at the first person where something else than facegate answers', async () => {
    answer = () => ({ status: 404, body: '<h1>nothing here</h1>' })
    await expect(enrollPeople(await findPeople(folder), { url, key })).rejects.toThrow(
      new CommandFault(
        `${url} does not answer as facegate does; is the address right? Status 404 with "application/problem+json", expected JSON of facegate.`,
      ),
    )
    expect(seen).toHaveLength(1)
  })

  it('goes on after a photo that cannot be read, or that is empty', async () => {
    await writeFile(join(folder, '.empty.jpg'), '')
    const people = new Map([
      ['ada', [join(folder, 'absent.jpg')]],
      ['bob', [join(folder, 'bob', '1.webp'), folder]],
      ['cleo', [join(folder, '.empty.jpg')]],
      ['eve', [join(folder, 'eve.PNG')]],
    ])
    expect(await enrollPeople(people, { url, key })).toEqual([
      {
        identity: 'ada',
        photos: 1,
        failure: 'image_unreadable: photo 1 of 1: The file cannot be read (ENOENT).',
      },
      {
        identity: 'bob',
        photos: 2,
        failure: 'image_unreadable: photo 2 of 2: The file cannot be read (EISDIR).',
      },
      {
        identity: 'cleo',
        photos: 1,
        failure: 'image_unreadable: photo 1 of 1: The photo is empty (0 bytes).',
      },
      { identity: 'eve', photos: 1 },
    ])
  })
})

describe('npm run enroll', () => {
  it('says who was enrolled, and ends with code 0', async () => {
    const { stdout, status } = await runScript('enroll', folder, '--url', url, '--key', key)
    expect(stdout.trim()).toBe('enrolled 3 of 3 people (5 photos)')
    expect(status).toBe(0)
  })

  it('says who was not and why, and ends with code 1', async () => {
    answer = (path) =>
      path.endsWith('/bob')
        ? problem(422, 'multiple_faces', 'photo 2 of 3: 2 faces', false)
        : { status: 201 }
    const { stdout, status } = await runScript('enroll', folder, '--url', url, '--key', key)
    expect(stdout.trim().split('\n')).toEqual([
      'enrolled 2 of 3 people (2 photos)',
      '  not enrolled: bob: multiple_faces: photo 2 of 3: 2 faces',
    ])
    expect(status).toBe(1)
  })

  it('says which photos were bad and which were good', async () => {
    answer = (path) =>
      path.endsWith('/bob')
        ? {
            status: 422,
            body: {
              code: 'no_face',
              detail: 'photo 2 of 3: none',
              hint: 'a hint',
              retryable: false,
              images: [
                { outcome: 'encoded' },
                { outcome: 'no_face', detail: 'none' },
                { outcome: 'encoded' },
              ],
            },
          }
        : { status: 201 }
    const { stdout } = await runScript('enroll', folder, '--url', url, '--key', key)
    expect(stdout.trim().split('\n')).toEqual([
      'enrolled 2 of 3 people (2 photos)',
      '  not enrolled: bob: no_face: photo 2 of 3: none',
      '    1.webp: encoded',
      '    2.jpg: no_face: none',
      '    0.jpg: encoded',
    ])
  })

  it.each([
    ['--allow-duplicate', 'allowDuplicate'],
    ['--allow-different', 'allowDifferent'],
  ])('passes %s on, and nothing else', async (option, field) => {
    await runScript('enroll', folder, '--url', url, '--key', key, option)
    expect(seen).toHaveLength(3)
    for (const { body } of seen) expect(body.match(/name="allow\w+"/g)).toEqual([`name="${field}"`])
  })

  it('never shows the key', async () => {
    answer = () => problem(401, 'unauthorized', 'The key is not a live key.', false)
    const result = await runScript('enroll', folder, '--url', url, '--key', key)
    expect(`${result.stdout}${result.stderr}`).not.toContain(key)
    expect(result.stderr).toBe(
      `${url} refuses the key of --key; unauthorized: The key is not a live key.\n`,
    )
    expect(result.status).toBe(1)
    expect(seen).toHaveLength(1)
  })

  it("enrolls nobody with a camera's photo, and says in one line how many there are", async () => {
    const house = await mkdtemp(join(tmpdir(), 'facegate-house-'))
    for (const file of ['camera_0.jpg', 'camera_1.jpg', 'younes.jpg']) {
      await writeFile(join(house, file), `photo ${file}`)
    }
    const { stdout, status } = await runScript('enroll', house, '--url', url, '--key', key)
    expect(stdout.trim().split('\n')).toEqual([
      '2 camera photos were left as probes: camera_0.jpg, camera_1.jpg',
      'enrolled 1 of 1 person (1 photo)',
    ])
    expect(status).toBe(0)
    expect(seen.map((one) => one.url)).toEqual(['/admin/identities/younes'])
    await rm(house, { recursive: true })
  })

  it('asks for nobody whose name cannot be an identity, and says which name would do', async () => {
    const house = await mkdtemp(join(tmpdir(), 'facegate-house-'))
    for (const file of ['ada.jpg', 'Zo\u00eb Li.jpg']) await writeFile(join(house, file), 'photo')
    const { stdout, status } = await runScript('enroll', house, '--url', url, '--key', key)
    expect(stdout.trim().split('\n')).toEqual([
      'enrolled 1 of 2 people (1 photo)',
      '  not enrolled: Zo\u00eb Li: the name cannot be an identity: expected 1 to 128 characters of ' +
        'A-Z a-z 0-9 . _ -; rename the photo or folder, to Zoe_Li for instance',
    ])
    expect(status).toBe(1)
    expect(seen.map((one) => one.url)).toEqual(['/admin/identities/ada'])
    await rm(house, { recursive: true })
  })

  it('enrolls the people of an h5 file', async () => {
    const house = await mkdtemp(join(tmpdir(), 'facegate-house-'))
    const file = join(house, 'faces.h5')
    const images = new Uint8Array(3 * 4 * 4 * 3)
    const labelled = {
      images,
      shape: [3, 4, 4, 3] as const,
      labels: [1, 0, 1],
      classes: ['ada', 'bea'],
    }
    await writeDataset(file, labelled, { images: 'x', labels: 'y', classes: 'names' })
    const keys = ['--images-key', 'x', '--labels-key', 'y', '--classes-key', 'names']
    const { stdout } = await runScript('enroll', file, '--url', url, '--key', key, ...keys)
    expect(stdout.trim()).toBe('enrolled 2 of 2 people (3 photos)')
    const sent = seen.map(({ url: path, body }) => [path, body.match(/PNG/g)?.length])
    expect(sent).toEqual([
      ['/admin/identities/bea', 2],
      ['/admin/identities/ada', 1],
    ])
    await rm(folderFor(file), { recursive: true })
    await rm(house, { recursive: true })
  })

  it('ends with code 1 and one line where there is nothing to enroll', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'facegate-empty-'))
    const none = await runScript('enroll', empty, '--url', url, '--key', key)
    expect(none.stderr).toBe(
      `${empty} holds no photos; expected <person>.jpg or <person>/*.jpg (.jpg, .jpeg, .png, .webp)\n`,
    )
    expect(none.status).toBe(1)
    await rm(empty, { recursive: true })
    const absent = await runScript('enroll', empty, '--url', url, '--key', key)
    expect(absent.stderr).toBe(`${empty}: there is no such folder\n`)
    expect(absent.status).toBe(2)
  })

  it('says how it is used when no folder is given', async () => {
    const { stderr, status } = await runScript('enroll')
    expect(stderr).toMatch(/^usage: npm run enroll -- <folder>/)
    expect(status).toBe(2)
    expect(seen).toEqual([])
  })
})
