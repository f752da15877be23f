import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { untilReady } from '../../../scripts/start/until-ready.ts'

const never = new AbortController().signal
const refuse = (isFinal: boolean) => async (answer: Response) =>
  answer.ok ? null : { reason: `status ${answer.status}`, isFinal }

let server: Server
let url: string
let statuses: number[]
let asked: number
beforeEach(async () => {
  asked = 0
  server = createServer((_request, response) => {
    asked++
    response.writeHead(statuses.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => server.close())

describe('a server that was just started', () => {
  it('is asked again until it is ready', async () => {
    statuses = [503, 503]
    expect(await untilReady(url, refuse(false), never)).toBeNull()
    expect(asked).toBe(3)
  })

  it('is not asked again after an answer that no later one will change', async () => {
    statuses = [503]
    expect(await untilReady(url, refuse(true), never)).toBe('status 503')
    expect(asked).toBe(1)
  })

  it('is not waited for once it has ended', async () => {
    statuses = Array.from({ length: 100 }, () => 503)
    const gone = new AbortController()
    const refuseAndEnd = (answer: Response) => {
      gone.abort()
      return refuse(false)(answer)
    }
    expect(await untilReady(url, refuseAndEnd, gone.signal)).toBe('status 503')
    expect(asked).toBe(1)
  })
})
