/** All that has to hold before a change lands, one after the other, and a summary of what failed and what did not run. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { binaryOf, showTool } from '../front/run-tool.ts'
import { keptOnnxFile } from '../weights/import-liveness.ts'
import { buildDir, projectRoot } from '../weights/networks.ts'
import { checkLock } from './check-lock.ts'

/** The parts of vitest's JSON report that the summary needs. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
}

const reportFile = join(buildDir, 'test-report.json')
const sharedData = join(projectRoot, '..', 'shared', 'data')

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
const tools: readonly (readonly [title: string, tool: string, args: readonly string[]])[] = [
  ['types', 'tsc', ['--noEmit']],
  ['types of the pages', 'tsc', ['--noEmit', '--project', join('src', 'site', 'browser')]],
  ['lint and format', 'biome', ['check', '.']],
  ['tests', 'vitest', ['run', ...reporters]],
]

/** Returns whether all of it holds. */
export async function runChecks(): Promise<boolean> {
  await rm(reportFile, { force: true })
  console.log('\n== lock file')
  const failed = (await checkLock()) ? [] : ['lock file']
  for (const [title, tool, args] of tools) {
    console.log(`\n== ${title}`)
    if ((await showTool(binaryOf(tool), args)) !== 0) failed.push(title)
  }
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
  for (const title of failed) console.log(`${title}: failed`)
  const report: Report | null = await readFile(reportFile, 'utf8').then(JSON.parse, () => null)
  if (report !== null) {
    const { numPassedTests, numFailedTests, numPendingTests } = report
    console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
  }
  return failed.length === 0
}
