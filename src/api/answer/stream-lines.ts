/**
 * An answer of many lines (NDJSON), produced while it is read: nothing is buffered, and a slow reader slows its production. After the
 * first byte a failure cannot change the status: the connection is cut, so that the last line is missing, and the log says why.
 */
import { logFailure } from '../../errors/log-failure.ts'

export const linesType = 'application/x-ndjson'

/** @param lines each text one or more whole lines, with their ends */
export function streamLines(lines: AsyncIterable<string>, requestId: string): Response {
  const iterator = lines[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next()
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          logFailure(error, requestId)
          controller.error(error)
        }
      },
      async cancel() {
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'Content-Type': linesType } })
}
