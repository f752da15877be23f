import { describe, expect, it } from 'vitest'
import { needsOwnProcess } from './own-process.ts'

describe('a process of its own', () => {
  it.each([
    "vi.mock('../src/app.ts')",
    "vi.stubGlobal('fetch', answer)",
    'vi.useFakeTimers()',
    "vi.spyOn(console, 'log')",
    "process.env.HOME = '/'",
    "process.on('exit', end)",
    'process.chdir(folder)',
    'globalThis.fetch = answer',
    "tf.setBackend('cpu')",
  ])('is for a file with %s', (line) => {
    expect(needsOwnProcess(`it('does', () => {\n  ${line}\n})`)).toBe(true)
  })

  it.each([
    'const answer = vi.fn()',
    'const answer = vi.fn<typeof fetch>()',
    'process.exitCode',
    'processes.env',
    'if (globalThis.fetch === answer) return',
    'previ.mock()',
  ])('is not for one with %s', (line) => {
    expect(needsOwnProcess(`it('does', () => {\n  ${line}\n})`)).toBe(false)
  })
})
