/** The answers that /docs shows: enough of them, of the shape that the schemas say, and nothing in them that is a secret or a face. */
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { problem } from '../../src/api/answer/problem.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import { encodingToText } from '../../src/encoding/encoding-text.ts'
import { errorCodes } from '../../src/errors/error-table.ts'
import recorded from '../../src/site/recorded-answers.json' with { type: 'json' }
import {
  cut,
  failureWith,
  type RecordedAnswers,
  type Recording,
  successesOf,
} from '../../src/site/recordings.ts'

const { recordings } = recorded as RecordedAnswers
const written = JSON.stringify(recorded)

/** With something in place of what was cut, so that the whole can be checked. */
function uncut(value: unknown, name = ''): unknown {
  if (name === 'encodings' && typeof value === 'string')
    return encodingToText(new Float32Array(128).fill(128 ** -0.5))
  if (name === 'session') return `p${'A'.repeat(64)}`
  if (Array.isArray(value)) {
    const left = value.findLast(
      (entry) => typeof entry === 'string' && entry.endsWith('more (cut)'),
    )
    const kept = value.filter((entry) => entry !== left).map((entry) => uncut(entry, name))
    const missing = left === undefined ? 0 : Number(/\d+/.exec(left)?.[0])
    return [...kept, ...Array.from({ length: missing }, () => kept[0])]
  }
  if (!(value instanceof Object)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, uncut(part, key)]))
}

function schemaOf({ operationId, status }: Recording): z.ZodType | undefined {
  if (status >= 400) return problem
  const { answers } = endpoints.find((endpoint) => endpoint.operationId === operationId)!
  const [, contract] = Object.entries(answers).find(([code]) => Number(code) === status) ?? []
  return contract?.schema ?? contract?.line
}

const decisionsOf = (operationId: string) =>
  successesOf(operationId).map(({ answer }) => (answer as { decision: string }).decision)

describe('the recorded answers', () => {
  it.each(endpoints.map(({ operationId }) => operationId))(
    'have a success of %s',
    (operationId) => {
      expect(successesOf(operationId)).not.toEqual([])
    },
  )

  it('have every decision of each endpoint that decides', () => {
    expect(decisionsOf('verify')).toEqual(['match', 'no_match'])
    expect(decisionsOf('recognize')).toEqual(['match', 'no_match', 'ambiguous'])
    expect(decisionsOf('compare')).toEqual(['match', 'no_match'])
  })

  it('have a real problem of every kind of fault that a caller can bring about', () => {
    const shown = errorCodes.filter((code) => failureWith(code))
    expect(shown).toEqual(
      expect.arrayContaining([
        'unauthorized',
        'forbidden',
        'challenge_invalid',
        'locked_out',
        'identity_not_found',
        'invalid_request',
        'image_missing',
        'image_unreadable',
        'image_unsupported',
        'no_face',
        'face_turned_away',
        'photos_differ',
        'duplicate_person',
        'version_conflict',
      ]),
    )
  })

  it.each(
    recordings.map((recording) => [recording.operationId, recording.title, recording] as const),
  )('%s, %s: have the shape that the schema says', (_operation, _title, recording) => {
    const schema = schemaOf(recording)
    const values = recording.lines ?? (recording.answer === undefined ? [] : [recording.answer])
    if (recording.status === 204) expect(values).toEqual([])
    else expect(values).not.toEqual([])
    for (const value of values) expect(schema!.safeParse(uncut(value)).error).toBeUndefined()
  })

  it('are found wrong when they are: a field that is missing is none that was cut', () => {
    const [{ answer }] = successesOf('encode') as [Recording]
    const { model, ...rest } = answer as { model: string }
    expect(schemaOf(successesOf('encode')[0]!)!.safeParse(uncut(rest)).success).toBe(false)
  })

  it('hold no receipt, key, challenge or whole encoding', () => {
    // But for the checksum, which is made of zeros.
    expect(written.replaceAll(/0{64}/g, '')).not.toMatch(/[A-Za-z0-9+/_-]{45,}/)
    expect(written).not.toMatch(/eyJ[\w-]*\.[\w-]+/)
    const [{ answer }] = successesOf('encode') as [Recording]
    expect((answer as { encoding: unknown[] }).encoding).toHaveLength(4)
    for (const [receipt] of written.matchAll(/"receipt":"[^"]*"/g))
      expect(receipt).toContain(cut.text)
  })
})
