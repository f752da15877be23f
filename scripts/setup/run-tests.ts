/**
 * Checks and suites of tests, one after the other to the end whatever fails; then a summary: the checks that failed, what did
 * not run, and in the last line how many tests passed and failed.
 */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../front/project-root.ts'
import { binaryOf, showTool } from '../front/run-tool.ts'
import { runWithPatience } from '../front/run-with-patience.ts'
import { buildDir } from '../weights/networks.ts'
import { checkLock } from './check-lock.ts'

/** Passes or fails as a whole. */
export interface Check {
  readonly name: string
  passes(): Promise<boolean>
}

/** Tests that vitest runs, and its own arguments that choose them. */
export interface Suite {
  readonly name: string
  readonly args: readonly string[]
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** The parts of vitest's JSON report that are counted. */
interface Report {
  readonly numPassedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const toolCheck = (name: string, tool: string, ...args: readonly string[]): Check => ({
  name,
  passes: async () => (await showTool(binaryOf(tool), args)) === 0,
})

export const checks: readonly Check[] = [
  { name: 'lock file', passes: checkLock },
  toolCheck('types', 'tsc', '--noEmit'),
  toolCheck('types of the pages', 'tsc', '--noEmit', '--project', join('src', 'site', 'browser')),
  toolCheck('lint and format', 'biome', 'check', '.'),
]

// Projects of vitest.config.ts.
export const quickSuite: Suite = { name: 'tests', args: ['--project', '!soak*'] }
export const soakSuite: Suite = { name: 'soak', args: ['--project', 'soak*'] }
export const labSuite: Suite = { name: 'tests of the lab', args: [join('lab', 'test')] }

/** Many times what they take, so that a slow machine ends none. */
const patience = { limitMs: 40 * 60_000, graceMs: 60_000 }
const reportFile = join(buildDir, 'test-report.json')

/** A file that could not be run counts as a test that failed, since nobody knows how many it holds. */
export function countTests({ numPassedTests, numPendingTests, testResults }: Report): Counts {
  const failures = testResults.map(({ status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').length
    return status === 'failed' ? Math.max(1, tests) : tests
  })
  const failed = failures.reduce((sum, count) => sum + count, 0)
  return { passed: numPassedTests, failed, skipped: numPendingTests }
}

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

async function runSuite({ args }: Suite): Promise<Counts> {
  await rm(reportFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const vitest = [binaryOf('vitest'), ['run', ...reporters, ...args]] as const
  const { code, fault } = await runWithPatience(...vitest, reportFile, patience)
  if (fault !== null) console.log(`vitest was ended: ${fault}`)
  const text = await readFile(reportFile, 'utf8').catch(() => null)
  if (text === null) return { passed: 0, failed: 1, skipped: 0 }
  const counts = countTests(JSON.parse(text))
  // Something outside of every test, such as an error that nobody caught, or a server that was left running.
  return (code !== 0 || fault !== null) && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** Resolves to whether all of it holds. A check that fails is counted with the tests. */
export async function runTests(
  checks: readonly Check[],
  suites: readonly Suite[],
): Promise<boolean> {
  const failedChecks: string[] = []
  for (const { name, passes } of checks) {
    console.log(`\n== ${name}`)
    if (!(await passes())) failedChecks.push(name)
  }
  let total: Counts = { passed: 0, failed: failedChecks.length, skipped: 0 }
  for (const suite of suites) {
    console.log(`\n== ${suite.name}`)
    const { passed, failed, skipped } = await runSuite(suite)
    total = {
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }
  }
  console.log(
    existsSync(join(projectRoot, '..', 'shared', 'data'))
      ? '\nThe tests on ../shared/data ran too.'
      : '\nThe tests on ../shared/data did not run: there is no such folder.',
  )
  for (const name of failedChecks) console.log(`${name}: failed`)
  console.log(closingLine(total))
  return total.failed === 0
}
