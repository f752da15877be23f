/**
 * What `wrangler dev` prints, without its advice on how to run the cron trigger: locally nothing waits for one, and a warning as the
 * first word of a server that is fine makes people look for a fault.
 */
import { Transform } from 'node:stream'

const firstLine = 'Scheduled Workers are not automatically triggered'
const lastLine = '#test-cron-triggers-locally'

export function withoutCronAdvice(): Transform {
  let rest = ''
  let state: 'outside' | 'inside' | 'after' = 'outside'
  /** Blank lines after it belong to it. */
  const isAdvice = (line: string): boolean => {
    if (line.includes(firstLine)) state = 'inside'
    else if (state === 'after' && line.trim() !== '') state = 'outside'
    const found = state !== 'outside'
    if (state === 'inside' && line.includes(lastLine)) state = 'after'
    return found
  }
  return new Transform({
    decodeStrings: false,
    transform(chunk: Buffer | string, _encoding, done) {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop()!
      done(
        null,
        lines
          .filter((line) => !isAdvice(line))
          .map((line) => `${line}\n`)
          .join(''),
      )
    },
    flush(done) {
      done(null, rest)
    },
  })
}
