import { describe, expect, it } from 'vitest'
import { describeStart, describeUnlockApp } from '../../../scripts/start/describe-start.ts'

const start = {
  url: 'http://127.0.0.1:8787',
  port: 8787,
  isOpen: false,
  encoder: 'The encoder is made-up.',
  needsPoses: false,
  key: 'app-key',
  adminKey: 'admin-key',
}
const person = (identity: string, failure?: string) => ({
  identity,
  photos: 1,
  ...(failure !== undefined && { failure }),
})

describe('describeStart', () => {
  it('names who is enrolled, the demo, the docs, and a request to try', () => {
    const text = describeStart({ ...start, outcomes: [person('ada'), person('eve')] })
    expect(text).toContain(
      'serves on http://127.0.0.1:8787 with 2 sample people enrolled: ada, eve\n',
    )
    expect(text).toContain('  demo  http://127.0.0.1:8787/\n  docs  http://127.0.0.1:8787/docs\n')
    expect(text).toContain('  people  http://127.0.0.1:8787/admin\n')
    expect(text).toContain('Keys to enter there: app-key for the demo, admin-key for the people.\n')
    expect(text).toContain("-H 'Authorization: Bearer app-key'")
    expect(text).toContain('\nThe encoder is made-up.\n')
    expect(text).not.toContain('Warning')
  })

  it('gives no request to try that poses would be missing from', () => {
    const text = describeStart({ ...start, needsPoses: true, outcomes: [person('eve')] })
    expect(text).toContain(
      'LIVENESS is active: one photo matches nobody, only the poses of a session do (docs/sessions.md).\n',
    )
    expect(text).not.toContain('curl')
  })

  it('counts nobody who was refused, and says why; without eve there is nothing to try', () => {
    const outcomes = [person('ada'), person('eve', 'no_face: none'), person('fay', 'no_face: none')]
    const text = describeStart({ ...start, outcomes })
    expect(text).toContain('with 1 of 3 sample people enrolled: ada\n')
    expect(text).toContain(
      '  not enrolled: eve: no_face: none\n  not enrolled: fay: no_face: none\n',
    )
    expect(text).not.toContain('curl')
    const none = describeStart({ ...start, outcomes: [person('eve', 'no_face: none')] })
    expect(none).toContain(
      'facegate serves on http://127.0.0.1:8787 without a sample person\n  not enrolled: eve: no_face: none\n',
    )
  })

  it('says nothing of samples when all of them were deleted', () => {
    const text = describeStart({ ...start, outcomes: [] })
    expect(text).toContain('facegate serves on http://127.0.0.1:8787\n')
    expect(text).not.toContain('curl')
  })

  it('warns when the network can reach it', () => {
    const text = describeStart({ ...start, isOpen: true, outcomes: [] })
    expect(text).toMatch(/From a phone in the same network:|no address in a network/)
  })
})

describe('describeUnlockApp', () => {
  const hint = (...outcomes: ReturnType<typeof person>[]) =>
    describeUnlockApp(['http://127.0.0.1:8788'], outcomes).split('\n')[2]

  it('names eve, or somebody else where she is not enrolled, or nobody', () => {
    expect(hint(person('ada'), person('eve'))).toBe(
      'Enter the name of somebody enrolled, such as eve, or enroll yourself.',
    )
    expect(hint(person('ada'), person('eve', 'store_unreadable'))).toBe(
      'Enter the name of somebody enrolled, such as ada, or enroll yourself.',
    )
    expect(hint(person('eve', 'store_unreadable'))).toBe(
      'Enter the name of somebody enrolled, or enroll yourself.',
    )
  })
})
