import { describe, expect, it } from 'vitest'
import { closingLine, countTests } from '../../../scripts/setup/run-tests.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})
const report = (passed: number, ...testResults: ReturnType<typeof file>[]) => ({
  numPassedTests: passed,
  numPendingTests: 2,
  testResults,
})

describe('countTests', () => {
  it('counts tests that passed, failed and were skipped', () => {
    const counts = countTests(
      report(3, file('passed', 'passed'), file('failed', 'failed', 'passed')),
    )
    expect(closingLine(counts)).toBe('3 passed, 1 failed, 2 skipped')
  })

  it('counts a file that could not be run as a failure', () => {
    expect(countTests(report(1, file('passed', 'passed'), file('failed'))).failed).toBe(1)
  })
})
