/**
 * Every command of package.json under everything that goes wrong in a first hour: what it prints and how it ends. The table is
 * written to build/commands.md. Words and codes of one process are those of all, so what needs no process is asked in this one.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { CommandFault } from '../../scripts/front/fault.ts'
import { loadCommands } from '../../scripts/front/load-commands.ts'
import { toTable } from '../../scripts/front/markdown-table.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { exampleLine, helpOf, readInputs } from '../../scripts/front/read-inputs.ts'
import { requirePaths } from '../../scripts/front/require-paths.ts'
import { buildDir } from '../../scripts/weights/networks.ts'
import { linePerson, peopleFile } from '../support/app/people-lines.ts'
import { sampleFile, sampleFolder } from '../support/photos/sample-photos.ts'

interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const cases = ['--help', 'typo', 'absent folder', 'server down', 'wrong key', 'Ctrl-C'] as const
type Case = (typeof cases)[number]

const commands = await loadCommands()
const fileOf = new Map(commands.map(({ command, file }) => [command.name, file]))
const table = new Map<string, Map<Case, string>>(
  commands.map(({ command }) => [command.name, new Map()]),
)

let folder: string
let absent: string
let people: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-commands-'))
  absent = join(folder, 'absent')
  people = join(folder, 'people.ndjson')
  await writeFile(people, peopleFile([linePerson('ada')]))
})
afterAll(async () => {
  const rows = [...table].map(([name, cells]) => [
    `\`${name}\``,
    ...cases.map((one) => cells.get(one) ?? '-'),
  ])
  await mkdir(buildDir, { recursive: true })
  await writeFile(join(buildDir, 'commands.md'), `${toTable([['command', ...cases], ...rows])}\n`)
  await rm(folder, { recursive: true })
})

function note(name: string, of: Case, code: number | null, text: string): void {
  const [line = ''] = text.trim().split('\n')
  const shown = line.replaceAll(folder, '...').replaceAll('|', '\\|')
  table.get(name)!.set(of, `${code}: ${shown}`)
}

/** @param onStart gets a function that sends Ctrl-C, and the process */
function run(
  name: string,
  args: readonly string[],
  onStart?: (interrupt: () => void, script: ChildProcessByStdio<null, Readable, Readable>) => void,
) {
  const { promise, resolve, reject } = Promise.withResolvers<Ending>()
  const script = spawn(process.execPath, [fileOf.get(name)!, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  const interrupt = (): void => void script.kill('SIGINT')
  script.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  script.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  onStart?.(interrupt, script)
  script.on('error', reject)
  script.on('close', (code) => resolve({ code, stdout, stderr }))
  return promise
}

function faultOf(work: () => void): CommandFault {
  try {
    work()
  } catch (error) {
    if (error instanceof CommandFault) return error
    throw error
  }
  throw new Error('there was no fault')
}

function expectOneLine(text: string): void {
  expect(text).toMatch(/^[^\n]+\n$/)
  expect(text).not.toMatch(/^\s+at /m)
  expect(text).not.toMatch(/node:|\.ts:\d|Error:/)
}

/** As many at a time as there are cores. */
async function allAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const workOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, workOn))
}

describe('a command of package.json', () => {
  it('is declared: all but those that are wrangler’s own', () => {
    const names = Object.keys(manifest.scripts).filter((name) => !['dev', 'deploy'].includes(name))
    expect(commands.map(({ command }) => command.name)).toEqual(names)
    for (const { command } of commands) {
      expect(command.summary, command.name).toMatch(/^[A-Z].*\.$/)
      expect(command.examples.length, command.name).toBeGreaterThan(0)
    }
  })

  it.each(commands.map(({ command }) => command))(
    '$name shows its use and its examples with --help',
    (command) => {
      const help = helpOf(command)
      note(command.name, '--help', 0, help)
      expect(help).toMatch(/^Usage: npm (run )?/)
      for (const example of command.examples)
        expect(help).toContain(`\n  ${exampleLine(command, example)}\n`)
      expect(help).toContain('\n  -h, --help')
    },
  )

  it.each(commands.map(({ command }) => command))(
    '$name refuses an option that there is not',
    (command) => {
      const { exitCode, message } = faultOf(() => readInputs(command, ['--colur']))
      note(command.name, 'typo', exitCode, message)
      expect(exitCode).toBe(2)
      expectOneLine(`${message}\n`)
      expect(message).toMatch(/^Unknown option '--colur'/)
    },
  )

  it('says so as a process too: 0 with --help, 2 with a typo', async () => {
    const help = await run('enroll', [sampleFolder, '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toBe(
      helpOf(commands.find(({ command }) => command.name === 'enroll')!.command),
    )
    const typo = await run('enroll', [sampleFolder, '--locl'])
    expect(typo).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'Unknown option \'--locl\' (Did you mean --local?); "npm run enroll -- --help" shows what there is\n',
    })
  })
})

describe('a path that is not there', () => {
  const withPaths: [string, (absent: string) => string[]][] = [
    ['encode', (absent) => [absent]],
    ['enroll', (absent) => [absent]],
    ['reenroll', (absent) => [absent]],
    ['import-people', (absent) => [absent]],
    ['pack', (absent) => ['--network', 'dlib-resnet', '--weights', absent]],
    ['liveness:measure', (absent) => [absent]],
    ['calibrate', (absent) => [absent]],
    ['evaluate', (absent) => ['--images', absent]],
    ['compare-encoders', (absent) => ['--pairs', absent, '--images', folder]],
    ['exercise', (absent) => [absent]],
    ['scenes', (absent) => ['--images', absent]],
    ['learn-condition', (absent) => [absent]],
    ['measure-spoilt', (absent) => [absent]],
    ['measure-doubts', (absent) => [absent]],
    ['quality-limits', (absent) => ['--pairs', absent, '--images', folder]],
    ['dataset', (absent) => [absent, 'out.h5']],
    ['train', (absent) => [absent, '--out', 'out']],
    ['encoder', (absent) => ['my-net', '--onnx', absent, '--chip', 'arcface-112']],
    ['fold', (absent) => [absent]],
    ['lab', (absent) => ['liveness', '--folder', absent]],
  ]

  it.each(withPaths)('is named by %s, with code 2', (name, args) => {
    const { command } = commands.find((one) => one.command.name === name)!
    const fault = faultOf(() => {
      requirePaths(command, readInputs(command, args(absent)))
    })
    note(name, 'absent folder', fault.exitCode, fault.message)
    expect(fault.exitCode).toBe(2)
    expect(fault.message).toMatch(/absent: there is no such (file|folder|file or folder)$/)
  })

  it('is looked at for every input that is one', () => {
    const taking = commands.filter(({ command }) =>
      Object.values({ ...command.arguments, ...command.options }).some(
        ({ path }) => path !== undefined && path !== 'file to write',
      ),
    )
    expect(taking.map(({ command }) => command.name).sort()).toEqual(
      withPaths.map(([name]) => name).sort(),
    )
  })

  it.each([
    ['export', (file: string) => [file]],
    ['generate', (file: string) => ['python', file]],
  ] as const)(
    'may be what %s writes, but not in a folder that is not there, nor a folder',
    (name, args) => {
      const { command } = commands.find((one) => one.command.name === name)!
      const check = (file: string) => requirePaths(command, readInputs(command, args(file)))
      check(absent)
      check(people)
      expect(faultOf(() => check(join(absent, 'file')))).toMatchObject({
        exitCode: 2,
        message: `${absent}: there is no such folder`,
      })
      expect(faultOf(() => check(folder))).toMatchObject({
        exitCode: 2,
        message: `${folder}: this is a folder, expected a file`,
      })
    },
  )

  it('ends the process before anything is done', async () => {
    const { code, stdout, stderr } = await run('dataset', [absent, join(folder, 'out.h5')])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expectOneLine(stderr)
  })
})

/** What each command that talks to a Worker is called with. */
const withKey: [string, () => string[]][] = [
  ['enroll', () => [sampleFolder]],
  ['export', () => [join(folder, 'out.ndjson')]],
  ['import-people', () => [people]],
  ['reenroll', () => [sampleFolder]],
  ['rotate-key', () => []],
]

describe('a command that talks to a Worker', () => {
  let server: Server
  let url: string
  /** By the key that was shown. */
  const requests = new Map<string, number>()
  /** By the key, what is done at a request that is never answered. */
  const hanging = new Map<string, () => void>()
  beforeAll(async () => {
    server = createServer((request, response) => {
      const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
      requests.set(key, (requests.get(key) ?? 0) + 1)
      request.resume()
      const hang = hanging.get(key)
      if (hang || key === '') return hang?.()
      const problem = {
        status: 401,
        code: 'unauthorized',
        title: 'Unauthorized',
        detail: 'The key is not a live key.',
        hint: 'Ask for a key.',
        retryable: false,
      }
      response.writeHead(401, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify(problem))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('asks once whether the Worker is there, and says what to run', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    await allAtOnce(withKey, async ([name, args]) => {
      const down = ['--url', `http://127.0.0.1:${port}`, '--key', 'k']
      const { code, stderr } = await run(name, [...args(), ...down])
      note(name, 'server down', code, stderr.replace(`${port}`, '8787'))
      expect(code, name).toBe(1)
      expectOneLine(stderr)
      expect(stderr, name).toContain('is `npm start` running?')
    })
  })

  it('shows a wrong key to the Worker once', async () => {
    await allAtOnce(withKey, async ([name, args]) => {
      const key = `wrong-${name}`
      const { code, stderr } = await run(name, [...args(), '--url', url, '--key', key])
      note(name, 'wrong key', code, stderr.replace(url, 'http://127.0.0.1:8787'))
      expect(code, name).toBe(1)
      expectOneLine(stderr)
      expect(stderr, name).toContain('refuses the key of --key')
      expect(stderr, name).not.toContain(key)
      expect(requests.get(key), name).toBe(1)
    })
  })

  it('ends with 130 at Ctrl-C, while it waits for an answer', async () => {
    await allAtOnce(withKey, async ([name, args]) => {
      const key = `hang-${name}`
      const shown = [...args(), '--url', url, '--key', key]
      const { code, stderr } = await run(name, shown, (interrupt) => hanging.set(key, interrupt))
      note(name, 'Ctrl-C', code, stderr)
      expect(code, name).toBe(130)
      expect(stderr, name).toBe('stopped\n')
    })
  })
})

describe('Ctrl-C', () => {
  it('prints who was enrolled until then', async () => {
    let interrupt = (): void => {}
    const server = createServer((request, response) => {
      request.resume()
      if (request.url!.endsWith('/ada'))
        response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
      else interrupt()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { code, stdout, stderr } = await run(
      'enroll',
      [sampleFolder, '--url', url, '--key', 'k'],
      (stop) => {
        interrupt = stop
      },
    )
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(code).toBe(130)
    expect(stdout).toBe('enrolled 1 of 6 people (1 photo)\n')
    expect(stderr).toContain('stopped\n')
  })

  it('ends a command that computes', async () => {
    const photos = Array.from({ length: 50 }, () => sampleFile('ada'))
    const { code, stderr } = await run('encode', photos, (interrupt, script) => {
      script.stdout.once('data', interrupt)
    })
    note('encode', 'Ctrl-C', code, stderr)
    expect(code).toBe(130)
    expect(stderr).toBe('stopped\n')
  })
})

describe('a reader that has read enough', () => {
  it('ends a command without a word', async () => {
    const { promise, resolve } = Promise.withResolvers<Ending>()
    const script = spawn(process.execPath, [fileOf.get('enroll')!, '--help'], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    script.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    script.stdout.destroy()
    script.on('close', (code) => resolve({ code, stdout: '', stderr }))
    expect(await promise).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})
