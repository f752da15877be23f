import { afterEach, describe, expect, it, vi } from 'vitest'
import { progressBar, stopBars } from '../../../scripts/front/progress.ts'

const [hide, show] = ['\x1b[?25l', '\x1b[?25h']

describe('a bar on a terminal', () => {
  const wasTTY = process.stderr.isTTY
  afterEach(() => {
    process.stderr.isTTY = wasTTY
    vi.restoreAllMocks()
  })

  it('hides the cursor, and stopBars gives it back; Ctrl-C is left to the front', () => {
    let written = ''
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += text
      return true
    })
    process.stderr.isTTY = true
    const listeners = process.listenerCount('SIGINT')
    const bar = progressBar('working')
    bar.start(2)
    bar.step('one')
    expect(process.listenerCount('SIGINT')).toBe(listeners)
    expect(written).toContain(hide)
    expect(written).not.toContain(show)
    stopBars()
    expect(written.lastIndexOf(show)).toBeGreaterThan(written.lastIndexOf(hide))
  })
})
