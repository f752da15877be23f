/**
 * What `wrangler dev` prints, without its advice on how to run the cron trigger: locally nothing waits for one, and a warning as the
 * first word of a server that is fine makes people look for a fault.
 */
import { Transform } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'

const firstLine = 'Scheduled Workers are not automatically triggered'
/** Of the advice, however it is worded: what comes after them is about something else. */
const maxLines = 8

export function withoutCronAdvice(): Transform {
  // A chunk may end within a letter.
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let linesLeft = 0
  /** The first line, and the blank and indented ones that follow it. */
  const isAdvice = (line: string): boolean => {
    if (line.includes(firstLine)) linesLeft = maxLines
    else if (/^\S/.test(stripVTControlCharacters(line))) linesLeft = 0
    return linesLeft-- > 0
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = `${rest}${decoder.write(chunk)}`.split('\n')
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
      done(null, `${rest}${decoder.end()}`)
    },
  })
}
