import { describe, expect, it } from 'vitest'
import { errorTable } from '../../../src/errors/error-table.ts'
import { adviceOn } from '../../../src/site/browser/advice.ts'

const adviceOnCode = (code: keyof typeof errorTable) =>
  adviceOn({ code, hint: errorTable[code].hint })

describe('what a page tells of a failure first', () => {
  it('is about the key, which whoever reads it has entered', () => {
    expect(adviceOnCode('unauthorized')).toBe(
      'The service does not know this key. Check it, or enter another one.',
    )
    expect(adviceOnCode('forbidden')).toBe('This key may not do that. Enter one of the role admin.')
  })

  it('is the hint of every other failure', () => {
    expect(adviceOnCode('no_face')).toBe(errorTable.no_face.hint)
    expect(adviceOnCode('image_too_large')).toBe(errorTable.image_too_large.hint)
  })
})
