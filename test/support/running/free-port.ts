/**
 * A port of this machine that nobody has now, for a server that starts a moment later. The system gives ports above 32767 to
 * every connection that any test opens, and one of those could take it in that moment: so it is chosen below.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'

const [first, end] = [10_000, 32_768]

export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * (end - first))
    const probe = createServer().listen(port, '127.0.0.1')
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    probe.close()
    await once(probe, 'close')
    return port
  }
}
