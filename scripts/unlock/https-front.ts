/** One https address for a phone: the example app at its root, and the Worker below /facegate/. */
import { request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { makeSelfSigned } from './self-signed.ts'

/** Where the Worker stands behind the front. */
export const facegatePath = '/facegate'

export interface FrontOptions {
  readonly port: number
  /** IPv4 addresses of this machine, for the certificate. */
  readonly addresses: readonly string[]
  readonly appUrl: string
  readonly workerUrl: string
}

export interface HttpsFront {
  stop(): void
}

export async function startHttpsFront(options: FrontOptions): Promise<HttpsFront> {
  const { port, addresses, appUrl, workerUrl } = options
  const server = createServer(makeSelfSigned(addresses, new Date()), (incoming, answer) => {
    const { url = '/', method, headers } = incoming
    const isWorker = url.startsWith(`${facegatePath}/`)
    const target = isWorker ? workerUrl + url.slice(facegatePath.length) : appUrl + url
    // The Worker takes requests of this machine without encryption, and no other address for its own.
    const passed = { ...headers, host: new URL(target).host }
    const outgoing = request(target, { method, headers: passed }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    outgoing.on('error', () => giveUp(answer))
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '0.0.0.0', resolve)
  })
  return {
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function giveUp(answer: ServerResponse): void {
  if (!answer.headersSent) answer.writeHead(502)
  answer.end()
}
