/**
 * node scripts/install.mjs [script]
 *
 * Installs the packages of the lock file unless they are installed already, then runs the script with the Node that is
 * one of them. Plain JavaScript without imports from packages: it is what runs first on a fresh clone, on whichever Node
 * is there.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Signals within this time are one: a terminal sends Ctrl-C to all, and npm may send it once more. */
const sameSignalMs = 500
/** What a script that was asked twice to stop has, to end by itself. */
const graceMs = 1000
const graceWithoutNpmMs = 10_000

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.facegate-lock')
/** What the stamp begins with until npm has ended; then comes the process that waits for npm. */
const unfinished = 'unfinished '
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

if (!isInstalled()) {
  // On standard error: what the script prints may be read by a program.
  console.error('installing packages ...')
  if (stamp()?.startsWith(unfinished)) {
    const other = Number(stamp().slice(unfinished.length))
    // A container that starts anew counts its processes from the beginning.
    if (other !== process.pid && isAlive(other)) {
      console.error(
        `Process ${other} is installing them. Wait for it, or delete node_modules if it does something else.`,
      )
      process.exit(1)
    }
    // npm takes a package half written for a whole one.
    for (const entry of readdirSync(modules)) rmSync(join(modules, entry), { recursive: true })
  }
  const { npm_execpath: npm, npm_node_execpath } = process.env
  // npm finds the Node of the packages first, which has just been deleted: then the one that npm itself runs on.
  const node = [process.execPath, npm_node_execpath].find((file) => file && existsSync(file))
  const [command, args] = npm ? [node ?? 'node', [npm]] : ['npm', []]
  // Not `npm ci`: it refuses a lock file without the optional binaries of other platforms, which a registry need not
  // have. `npm install` takes every version from the lock file all the same.
  // Errors only: npm would warn that packages want a later Node than the one that is here. They get it, as one of the packages.
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error']
  try {
    mkdirSync(modules, { recursive: true })
    writeFileSync(stampFile, unfinished + process.pid)
  } catch ({ message }) {
    console.error(`The packages cannot be installed into this folder: ${message}`)
    process.exit(1)
  }
  const child = spawn(command, [...args, 'install', ...quietly], {
    cwd: root,
    stdio: ['inherit', 2, 2],
  })
  // Left to itself, npm would go on for half a minute behind the prompt, and delete what the next command installs meanwhile.
  let stoppedBy
  const stop = (signal) => {
    stoppedBy = signal
    child.kill('SIGKILL')
  }
  for (const signal of signals) process.on(signal, stop)
  const status = await new Promise((resolve) => {
    child.on('exit', resolve)
    child.on('error', ({ message }) => resolve(console.error(message)))
  })
  for (const signal of signals) process.off(signal, stop)
  if (stoppedBy) {
    console.error('stopped; the next command installs anew')
    process.exit(128 + constants.signals[stoppedBy])
  }
  if (status !== 0) {
    // npm that a signal ended left packages half written; one that failed took its own back.
    if (status !== null) rmSync(stampFile, { force: true })
    console.error(
      'The packages could not be installed; npm says why above. It has to reach its registry, and to write to its cache (npm_config_cache names another folder for it). Then run the same command again.',
    )
    process.exit(status ?? 1)
  }
  writeFileSync(stampFile, lock)
}

/** By an earlier run of this script, or by `npm install`, which leaves its own list of what it installed. */
function isInstalled() {
  if (stamp() !== undefined) return stamp() === lock
  const list = join(modules, '.package-lock.json')
  return (
    existsSync(list) && statSync(list).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  )
}

function stamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined
}

/** @param pid of a process, whoever it belongs to */
function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch ({ code }) {
    return code === 'EPERM'
  }
}

const [script, ...scriptArgs] = process.argv.slice(2)
if (script) {
  const nodeDir = join(modules, 'node', 'bin')
  // What the script starts finds this Node first too: wrangler and others take the one on the path.
  const PATH = [nodeDir, process.env.PATH ?? ''].join(delimiter)
  const child = spawn(join(nodeDir, 'node'), [script, ...scriptArgs], {
    stdio: 'inherit',
    env: { ...process.env, PATH },
  })
  let asked
  let askedAt = 0
  const stop = (signal) => {
    child.kill(signal)
    // Asked again: a script in the midst of a long computation hears of no signal, and is ended.
    if (asked && performance.now() - askedAt > sameSignalMs) endSoon(graceMs)
    if (!asked) askedAt = performance.now()
    asked ??= signal
  }
  const endSoon = (milliseconds) => setTimeout(() => child.kill('SIGKILL'), milliseconds).unref()
  for (const signal of signals) process.on(signal, () => stop(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[asked ?? signal]))
  // npm does not pass signals on: when it is gone, so is whoever wanted the script to run.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop('SIGTERM')
    endSoon(graceWithoutNpmMs)
  }, 1000).unref()
}
