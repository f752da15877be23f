/** Whom a search for rivals asks for, and what becomes of people who cannot be compared. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rivalFmr } from '../../../src/decision/rival.ts'
import type { SearchOptions } from '../../../src/gallery/search/gallery.ts'
import { findRival } from '../../../src/people/claim/find-rival.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'

const metric = { kind: 'l2' as const }
const probe = fakeEncoding('ada')
const threshold = { calibrated: true, model: fakeModel, metric, fmr: 0.001, threshold: 0.5 }
const claimed = { identity: 'ada', distance: 0.45 }
/** Nearer than the claim by half of an eleventh of the threshold. */
const clearlyNearer = 0.45 - 0.5 / 22

interface Enrolled {
  readonly others?: number
  readonly otherModels?: number
  readonly unreadableEntries?: number
  readonly unreadable?: readonly string[]
  /** Whom the index proposes, and whether their object confirms them. */
  readonly near?: { readonly isConfirmed: boolean }
  /** By rate, for a search. */
  readonly reach?: (at: { readonly fmr?: number; readonly people: number }) => number
}

function galleryOf({ reach = () => 1, ...enrolled }: Enrolled) {
  const searches: SearchOptions[] = []
  const asked: object[] = []
  const view = {
    people: enrolled.others ?? 3,
    peopleOfOtherModels: enrolled.otherModels ?? 0,
    unreadableEntries: enrolled.unreadableEntries ?? 0,
    async search(_: Float32Array, options: SearchOptions) {
      searches.push(options)
      const isThere = enrolled.near && (options.isConfirmed === false || enrolled.near.isConfirmed)
      return {
        people: isThere ? [{ identity: 'bob', distance: 0.1 }] : [],
        unreadable: enrolled.unreadable ?? [],
      }
    },
    sample: () => expect.unreachable(),
    requireRoomFor: () => expect.unreachable(),
  }
  const never = (): never => expect.unreachable()
  const sources = {
    requestId: '01M85XZGHSMA8T3RG3MVZ4486X',
    gallery: { open: async () => view },
    thresholds: {
      identification: (_: string, at: { readonly fmr?: number; readonly people: number }) => {
        asked.push(at)
        return { ...threshold, threshold: reach(at) }
      },
      covers: never,
      verification: never,
      together: never,
      duplicate: never,
      ownRate: never,
      missed: never,
      strangersApart: never,
    },
  }
  return { sources, searches, asked }
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a search for a rival', () => {
  it('is for the nearest other than the person claimed, clearly nearer than they are', async () => {
    const { sources, searches, asked } = galleryOf({})
    expect(await findRival(sources, threshold, probe, claimed)).toEqual({ kind: 'nearest' })
    const maxDistance = expect.closeTo(clearlyNearer, 12)
    expect(searches).toEqual([{ limit: 1, maxDistance, metric, except: 'ada', isConfirmed: false }])
    expect(asked).toEqual([{ fmr: rivalFmr, people: 3 }])
  })

  it('reaches no farther than a search among everybody accepts, at a laxer rate if the claim has one', async () => {
    const { sources, searches, asked } = galleryOf({ reach: () => 0.2 })
    await findRival(sources, { ...threshold, fmr: 0.05 }, probe, claimed)
    expect(searches[0]!.maxDistance).toBe(0.2)
    expect(asked).toEqual([{ fmr: 0.05, people: 3 }])
  })

  it.each([
    [true, { kind: 'rival', identity: 'bob' }],
    [false, { kind: 'nearest' }],
  ])(
    'counts whom the index proposes if their object confirms them: %s',
    async (isConfirmed, standing) => {
      const { sources, searches } = galleryOf({ near: { isConfirmed } })
      expect(await findRival(sources, threshold, probe, claimed)).toEqual(standing)
      expect(searches.map((options) => options.isConfirmed)).toEqual([false, undefined])
      expect(searches[1]!.except).toBe('ada')
    },
  )

  it('asks nobody where nobody else can be clearly nearer, or is enrolled', async () => {
    const near = galleryOf({ otherModels: 5 })
    const standing = await findRival(near.sources, threshold, probe, { ...claimed, distance: 0.02 })
    expect(standing).toEqual({ kind: 'nearest' })
    const alone = galleryOf({ others: 0 })
    expect(await findRival(alone.sources, threshold, probe, claimed)).toEqual({ kind: 'nearest' })
    expect([...near.searches, ...alone.searches]).toEqual([])
  })
})

describe('people who cannot be compared', () => {
  const unknown = [
    ['are of another network', { otherModels: 2 }],
    ['have an entry that does not open', { unreadableEntries: 2 }],
    ['have a record that does not open', { unreadable: ['cleo', 'dora'] }],
  ] as const

  it.each(unknown)(
    'who %s count as searched: the face must pass among them too',
    async (_, who) => {
      const { sources, asked } = galleryOf({
        ...who,
        reach: ({ fmr }) => (fmr === 0.001 ? 0.44 : 1),
      })
      expect(await findRival(sources, threshold, probe, claimed)).toEqual({ kind: 'unknown' })
      expect(asked.at(-1)).toEqual({ fmr: 0.001, people: 5 })
    },
  )

  it('keep nobody out who passes among everybody, and a face in doubt has to pass more strictly', async () => {
    const { sources } = galleryOf({ otherModels: 1, reach: () => 0.46 })
    expect(await findRival(sources, threshold, probe, claimed)).toEqual({ kind: 'nearest' })
    const inDoubt = { ...claimed, doubt: 'face_shaken' }
    expect(await findRival(sources, threshold, probe, inDoubt)).toEqual({ kind: 'unknown' })
    const suspect = { ...claimed, suspicion: 1 }
    expect(await findRival(sources, threshold, probe, suspect)).toEqual({ kind: 'unknown' })
  })
})
