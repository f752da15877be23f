import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AuditEntry, createAuditor } from '../../../src/guard/caller/audit.ts'

const entry: AuditEntry = {
  requestId: '01KAVQ6Z4R8M3N5T7W9XBCDFGH',
  caller: { role: 'app', keyId: '0123abcd' },
  act: 'POST /verify',
  subject: 'an-object-id',
  outcome: 'match',
  status: 200,
  model: 'dlib-resnet@4f1c2a90',
  fmr: 0.001,
}
const refused: AuditEntry = {
  requestId: entry.requestId,
  caller: null,
  act: 'GET /admin/identities',
  outcome: 'unauthorized',
  status: 401,
}

let log: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  log = vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('an audit line', () => {
  it('says who did what, about whom, with which outcome', () => {
    createAuditor()(entry)
    expect(log).toHaveBeenCalledTimes(1)
    expect(JSON.parse(String(log.mock.calls[0][0]))).toEqual({
      level: 'info',
      event: 'audit',
      requestId: entry.requestId,
      role: 'app',
      keyId: '0123abcd',
      act: 'POST /verify',
      subject: 'an-object-id',
      outcome: 'match',
      status: 200,
      model: 'dlib-resnet@4f1c2a90',
      fmr: 0.001,
    })
  })

  it('says that nobody known asked', () => {
    createAuditor()(refused)
    expect(JSON.parse(String(log.mock.calls[0][0]))).toEqual({
      level: 'info',
      event: 'audit',
      requestId: entry.requestId,
      role: 'none',
      act: 'GET /admin/identities',
      outcome: 'unauthorized',
      status: 401,
    })
  })
})

describe('a data set', () => {
  it('gets the same, in columns', () => {
    const writeDataPoint = vi.fn()
    const audit = createAuditor({ writeDataPoint })
    audit(entry)
    audit(refused)
    expect(writeDataPoint.mock.calls).toEqual([
      [
        {
          indexes: ['POST /verify'],
          blobs: [
            'POST /verify',
            'match',
            'app',
            '0123abcd',
            'an-object-id',
            'dlib-resnet@4f1c2a90',
            entry.requestId,
          ],
          doubles: [200, 0.001],
        },
      ],
      [
        {
          indexes: ['GET /admin/identities'],
          blobs: ['GET /admin/identities', 'unauthorized', 'none', '', '', '', entry.requestId],
          doubles: [401, 0],
        },
      ],
    ])
  })

  it('that cannot be written changes nothing', () => {
    const writeDataPoint = vi.fn(() => {
      throw new Error('no data set')
    })
    expect(() => createAuditor({ writeDataPoint })(entry)).not.toThrow()
    expect(log).toHaveBeenCalledTimes(1)
  })
})
