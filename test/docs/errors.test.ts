/** What is written about errors, page by page, against the table that the Worker answers by. */

import { describe, expect, it } from 'vitest'
import { describeErrors } from '../../scripts/docs/describe-errors.ts'
import { type ErrorCode, errorTable } from '../../src/errors/error-table.ts'

const codes = Object.entries(errorTable) as [ErrorCode, (typeof errorTable)[ErrorCode]][]

describe('docs/errors.md', () => {
  it.each(codes)('tells status, meaning, retry, hint and what to do of %s', (code, info) => {
    const section = describeErrors().split(`\n## ${code}\n`)[1]!.split('\n## ')[0]!
    expect(section).toContain(`**${info.status} ${info.title}.**`)
    expect(section).toContain(`Retry: ${info.retryable ? 'yes' : 'no'}.`)
    expect(section).toContain(`\`urn:facegate:error:${code}\``)
    expect(section).toContain(`Hint to the person: ${info.hint}\n`)
    expect(section).toContain(`When: ${errorTable[code].when}.\n`)
    expect(section).toContain(`What to do: ${errorTable[code].advice}\n`)
  })
})

describe('the overview', () => {
  it('has every code once, with its status and whether a retry may help', () => {
    const rows = describeErrors().matchAll(
      /^\| \[`(\w+)`\]\(#\w+\) +\| (\d{3}) +\| .+? +\| (yes|no) +\|$/gm,
    )
    const told = [...rows].map(([, code, status, retry]) => [code, Number(status), retry === 'yes'])
    const expected = codes.map(([code, { status, retryable }]) => [code, status, retryable])
    expect(told.sort()).toEqual(expected.sort())
  })
})
