/**
 * Installs the packages of the lock file unless they are installed already. Plain JavaScript without imports from
 * packages: it is what runs first on a fresh clone, on whichever Node is there. What follows it runs by `npm run`, in a
 * shell of its own: this one remembers where it found `node`, and not the newer one that was just installed.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'node_modules', '.facegate-lock')
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== lock) {
  console.log('installing packages ...')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  // Not `npm ci`: it refuses a lock file without the optional binaries of other platforms, which a registry need not
  // have. `npm install` takes every version from the lock file all the same.
  const { status } = spawnSync(command, [...args, 'install', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(stampFile, lock)
}
