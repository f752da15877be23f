/** An index that is full, for enrollments and for the lines of an import; what real indexes call full is in test/gallery. */

import { describe, expect, it } from 'vitest'
import { FaceError } from '../../src/errors/face-error.ts'
import { refuseDuplicate } from '../../src/people/refuse-duplicate.ts'
import { openDuplicateSearch, type SearchSources } from '../../src/people/search-duplicates.ts'
import { fakeEncoding, fakeSource } from '../support/app/fake-engine.ts'

const full = expect.objectContaining({ code: 'not_configured', message: 'The index is full.' })

/** Whoever has "face a" is enrolled as `ada`, and the index has room for as many others. */
function sourcesWithRoomFor(others: number): SearchSources {
  const threshold = { model: fakeSource.model, threshold: 0.3, metric: { kind: 'l2' as const } }
  return {
    requestId: '01M85XZGHSMA8T3RG3MVZ4486X',
    thresholds: {
      covers: () => true,
      verification: () => expect.unreachable(),
      together: () => expect.unreachable(),
      identification: () => expect.unreachable(),
      duplicate: () => ({ ...threshold, fmr: 0.001, calibrated: true }),
      ownRate: () => 0.001,
      missed: () => null,
      strangersApart: () => expect.unreachable(),
    },
    gallery: {
      open: async () => ({
        people: 1,
        peopleOfOtherModels: 0,
        unreadableEntries: 0,
        async search(probe) {
          const isAda = probe.every((value, i) => value === fakeEncoding('a')[i])
          return { people: isAda ? [{ identity: 'ada', distance: 0 }] : [], unreadable: [] }
        },
        sample: () => expect.unreachable(),
        requireRoomFor(identities) {
          const added = identities.filter((identity) => identity !== 'ada')
          if (added.length > others) throw new FaceError('not_configured', 'The index is full.')
        },
      }),
    },
  }
}

describe('an index that is full', () => {
  it('has nobody new enrolled', async () => {
    const enrolled = refuseDuplicate(sourcesWithRoomFor(0), fakeSource, 'bob', [fakeEncoding('b')])
    await expect(enrolled).rejects.toEqual(full)
  })

  it('has those who are in it enrolled anew', async () => {
    await refuseDuplicate(sourcesWithRoomFor(0), fakeSource, 'ada', [fakeEncoding('b')])
  })

  it('still says who is enrolled already', async () => {
    const twin = refuseDuplicate(sourcesWithRoomFor(0), fakeSource, 'twin', [fakeEncoding('a')])
    await expect(twin).rejects.toMatchObject({ code: 'duplicate_person' })
  })

  it('counts those who are admitted by the same search', async () => {
    const search = await openDuplicateSearch(sourcesWithRoomFor(2), fakeSource)
    await search.admit('bob', [fakeEncoding('b')])
    await search.admit('ada', [fakeEncoding('a')])
    await search.admit('cleo', [fakeEncoding('c')])
    await expect(search.admit('dora', [fakeEncoding('d')])).rejects.toEqual(full)
  })
})
