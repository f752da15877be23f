import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { withoutCronAdvice } from '../../../scripts/start/without-cron-advice.ts'

const advice =
  '▲ [WARNING] Scheduled Workers are not automatically triggered during local development.\n\n' +
  '  To manually trigger a scheduled event, run:\n' +
  '    curl "http://127.0.0.1:8787/cdn-cgi/local/scheduled"\n' +
  '  For more details, see https://developers.cloudflare.com/workers/configuration/cron-triggers/#test-cron-triggers-locally\n\n\n'

const filtered = (chunks: readonly (string | Uint8Array)[]) =>
  text(Readable.from(chunks).pipe(withoutCronAdvice()))

describe('what wrangler prints', () => {
  it('is passed on without its advice on cron triggers', async () => {
    expect(await filtered([`before\n${advice}▲ [WARNING] another\n\n  more\n`])).toBe(
      'before\n▲ [WARNING] another\n\n  more\n',
    )
  })

  it('is passed on the same however it is cut into pieces', async () => {
    const all = `before\n${advice}after\nwithout a line break`
    expect(await filtered([...all])).toBe('before\nafter\nwithout a line break')
  })

  it('is passed on byte by byte with its letters whole', async () => {
    const bytes = Buffer.from(`▲ before\n${advice}é after ▲`)
    const cut = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect(await filtered(cut)).toBe('▲ before\né after ▲')
  })

  it('is passed on after the advice when that is worded anew', async () => {
    const anew = advice.replace(/For more.*/, 'Read on elsewhere.')
    const other = '{"event":"verify"}\n✘ [ERROR] something\n\n  more\n'
    expect(await filtered([`${anew}${other}`])).toBe(other)
  })

  it('is never withheld for more than eight lines', async () => {
    const indented = Array.from({ length: 9 }, (_, i) => `  line ${i}\n`).join('')
    expect(await filtered([`${advice.split('\n')[0]}\n${indented}`])).toBe('  line 7\n  line 8\n')
  })
})
