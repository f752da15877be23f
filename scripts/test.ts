/**
 * npm test: sets everything up, then the lock file, types, lint, and every suite: pure code in Node, the Worker's code inside workerd,
 * the real bundle. Tests on photos that may not be shipped run where ../shared/data exists; the summary says so.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkLock } from './check-lock.ts'
import { keptOnnxFile } from './liveness.ts'
import { setUp } from './setup.ts'
import { buildDir, projectRoot } from './weights/networks.ts'

/** The parts of vitest's JSON report that the summary needs. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly { readonly name: string; readonly status: string }[]
}

const reportFile = join(buildDir, 'test-report.json')
const sharedData = join(projectRoot, '..', 'shared', 'data')

function run(title: string, command: string, args: readonly string[]): boolean {
  console.log(`\n== ${title}`)
  const { status } = spawnSync(join(projectRoot, 'node_modules', '.bin', command), args, {
    cwd: projectRoot,
    stdio: 'inherit',
  })
  return status === 0
}

await setUp()
await rm(reportFile, { force: true })
console.log('\n== lock file')
const isLockSound = await checkLock()
const passed = [
  run('types', 'tsc', ['--noEmit']),
  run('types of the pages', 'tsc', ['--noEmit', '--project', join('src', 'site', 'browser')]),
  run('lint and format', 'biome', ['check', '.']),
  run('tests', 'vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ]),
]
const report: Report = JSON.parse(await readFile(reportFile, 'utf8'))
console.log(
  existsSync(sharedData)
    ? '\nThe tests on ../shared/data ran too.'
    : '\nThe tests on ../shared/data did not run: there is no such folder.',
)
console.log(
  existsSync(keptOnnxFile)
    ? 'The tests on the liveness network ran too.'
    : 'The tests on the liveness network ran on made-up weights only: "npm run liveness" was not run.',
)
if (!isLockSound) console.log('lock file: failed')
if (!passed[0]) console.log('types: failed')
if (!passed[1]) console.log('types of the pages: failed')
if (!passed[2]) console.log('lint and format: failed')
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`,
)
if (!isLockSound || passed.includes(false)) process.exitCode = 1
