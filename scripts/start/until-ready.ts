/** Waits for a server that was just started, asking it again and again. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Why an answer is not the one that is waited for. */
export interface Refusal {
  readonly reason: string
  /** No later answer will be another. */
  readonly isFinal: boolean
}

const startTimeoutMs = 60_000
const answerTimeoutMs = 20_000
const pollMs = 200

/**
 * @param refuse null for the answer that is waited for
 * @param gone aborted when the server has ended: nothing more will come
 * @returns null when it is ready; otherwise what is wrong, as seen last
 */
export async function untilReady(
  url: string,
  refuse: (answer: Response) => Promise<Refusal | null>,
  gone: AbortSignal,
): Promise<string | null> {
  const deadline = Date.now() + startTimeoutMs
  let last = 'no answer'
  while (!gone.aborted && Date.now() < deadline) {
    try {
      const signal = AbortSignal.any([gone, AbortSignal.timeout(answerTimeoutMs)])
      const refusal = await refuse(await fetch(url, { signal }))
      if (refusal === null) return null
      last = refusal.reason
      if (refusal.isFinal) return last
    } catch (error) {
      last = `${error}`
    }
    await sleep(pollMs)
  }
  return last
}
