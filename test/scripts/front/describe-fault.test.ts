import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeFault } from '../../../scripts/front/describe-fault.ts'

const faultOf = (work: () => Promise<unknown>) => work().then(() => 'none', describeFault)

describe('describeFault', () => {
  it('names the file that the system could not open, and why, in words', async () => {
    const absent = join(tmpdir(), 'facegate-absent')
    expect(await faultOf(() => readFile(absent))).toBe(`${absent}: there is no such file or folder`)
    expect(describeFault(Object.assign(new Error('EISDIR: ...'), { code: 'EISDIR' }))).toBe(
      'this is a folder, expected a file',
    )
  })

  it('leaves out where Node looked for a module', async () => {
    const require = createRequire(import.meta.url)
    const text = await faultOf(async () => require.resolve('/absent.wasm'))
    expect(text).toBe("Cannot find module '/absent.wasm'")
  })

  it('says something of whatever was thrown', () => {
    expect(describeFault('text')).toBe('text')
    expect(describeFault(new RangeError())).toBe('RangeError')
    expect(describeFault(new Error('two\nlines'))).toBe('two\nlines')
  })
})
