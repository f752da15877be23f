import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CommandFault } from '../../../scripts/front/fault.ts'
import { findPort } from '../../../scripts/start/local-worker.ts'
import { command } from '../../../scripts/start.ts'
import { freePort } from '../../support/running/free-port.ts'

/** Nothing is set up or served, whatever fails here. */
vi.mock('../../../scripts/setup/set-up.ts', async (original) => ({
  ...(await original<object>()),
  setUp: () => Promise.reject(new Error('set up')),
}))

afterEach(() => vi.unstubAllEnvs())

describe('the port of npm start', () => {
  it('is the one that is asked for, whatever PORT says', async () => {
    vi.stubEnv('PORT', '1')
    const port = await freePort()
    expect(await findPort(false, port)).toBe(port)
  })

  it('is that of PORT where none is asked for', async () => {
    const port = await freePort()
    vi.stubEnv('PORT', `${port}`)
    expect(await findPort(false, undefined)).toBe(port)
  })

  it.each(['0', '65536', '80.5', 'http'])('is not PORT="%s"', async (text) => {
    vi.stubEnv('PORT', text)
    await expect(findPort(false, undefined)).rejects.toThrow(
      `PORT is "${text}", expected a number from 1 to 65535`,
    )
  })

  it('is not one that another server has', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      await expect(findPort(false, port)).rejects.toThrow(
        `port ${port} is taken, by another "npm start" perhaps; "npm start -- --port NUMBER" chooses another`,
      )
    } finally {
      server.close()
    }
  })

  it('is not one whose next another server has, where the app of --unlock takes it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const taken = (server.address() as AddressInfo).port
    try {
      const free = taken - 1
      const starting = command.run(
        { port: free, host: false, unlock: true, uncalibrated: undefined, liveness: undefined },
        { typed: 'npm start', onStop: () => {} },
      )
      // The free one may be taken meanwhile.
      await expect(starting).rejects.toThrow(new RegExp(`^port (${free}|${taken}) is taken, `))
    } finally {
      server.close()
    }
  })

  it.each([
    [65535, 1, 'port is 65535, expected 65534 at most: --unlock takes 1 more'],
    [65533, 3, 'port is 65533, expected 65532 at most: --unlock takes 3 more'],
  ])('leaves room for the app of --unlock: %i and %i more', async (port, following, message) => {
    await expect(findPort(false, port, following)).rejects.toThrow(new CommandFault(message, 2))
    vi.stubEnv('PORT', `${port}`)
    await expect(findPort(false, undefined, following)).rejects.toThrow(message)
  })
})
