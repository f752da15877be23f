import { X509Certificate } from 'node:crypto'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../../../scripts/unlock/self-signed.ts'

const now = new Date('2026-11-29T00:00:00Z')

describe('makeSelfSigned', () => {
  it('names the addresses and localhost, for thirty days, signed by its own key', () => {
    const { cert } = makeSelfSigned(['192.168.1.10', '10.0.0.7'], now)
    const read = new X509Certificate(cert)
    expect(read.subjectAltName).toBe('DNS:localhost, IP Address:192.168.1.10, IP Address:10.0.0.7')
    expect(read.checkIP('192.168.1.10')).toBe('192.168.1.10')
    expect(read.checkIP('192.168.1.11')).toBeUndefined()
    expect(read.validFromDate).toEqual(now)
    expect(read.validToDate).toEqual(new Date('2026-12-29T00:00:00Z'))
    expect(read.verify(read.publicKey)).toBe(true)
  })

  it('is another one each time', () => {
    const serials = [1, 2].map(() => new X509Certificate(makeSelfSigned([], now).cert).serialNumber)
    expect(new Set(serials).size).toBe(2)
  })

  it('serves https to whoever trusts it, and to nobody else', async () => {
    const pair = makeSelfSigned(['127.0.0.1'], new Date())
    const server = createServer(pair, (_, answer) => answer.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const ask = (ca?: string) =>
      new Promise((resolve) => {
        get({ host: '127.0.0.1', port, ...(ca && { ca }) }, ({ statusCode }) =>
          resolve(statusCode),
        ).on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      })
    expect(await ask(pair.cert)).toBe(200)
    expect(await ask()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    server.close()
    server.closeAllConnections()
  })
})
