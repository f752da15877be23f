/** What is written about errors, page by page, against the table that the Worker answers by. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/weights/networks.ts'
import { describeErrors, errorDocsFile } from '../../scripts/write-error-docs.ts'
import { type ErrorCode, errorTable } from '../../src/errors/error-table.ts'

const codes = Object.entries(errorTable) as [ErrorCode, (typeof errorTable)[ErrorCode]][]

/** Code, status and whether a retry may help, of each row of the README's table. */
async function readmeRows(): Promise<[code: string, status: number, retryable: boolean][]> {
  const text = await readFile(join(projectRoot, 'README.md'), 'utf8')
  const section = text.slice(text.indexOf('\n## Errors\n'), text.indexOf('\n## Deploy\n'))
  const rows = section.matchAll(/^\| `(\w+)` +\| (\d{3}) +\| (yes|no) +\| (.+?) +\|$/gm)
  return [...rows].map(([, code, status, retry]) => [code!, Number(status), retry === 'yes'])
}

describe('docs/errors.md', () => {
  it('is what npm run write-error-docs writes', async () => {
    expect(await readFile(errorDocsFile, 'utf8')).toBe(describeErrors())
  })

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

describe('the error table of the README', () => {
  it('has every code once, with its status and whether a retry may help', async () => {
    const expected = codes.map(([code, { status, retryable }]) => [code, status, retryable])
    expect((await readmeRows()).sort()).toEqual(expected.sort())
  })
})
