import { describe, expect, it } from 'vitest'
import { fakeFrame } from '../../../test/support/app/fake-frame.ts'
import { realModels } from '../../../test/support/networks/node-models.ts'
import { type SamplePerson, sampleImage } from '../../../test/support/photos/sample-photos.ts'
import { alterations } from '../../liveness/drawn/alter.ts'
import { createObserver, type Observed, type Observer } from '../../liveness/observe.ts'
import { newTakesSeen, sendAgain } from '../../liveness/sent-again.ts'

const kinds = Object.keys(alterations)

/** Only the frame counts here. */
const observed = (text: string): Observed => ({ frame: fakeFrame(text) }) as Observed

async function observer(): Promise<Observer> {
  return createObserver(await realModels())
}

async function shotsOf(people: readonly SamplePerson[], by: Observer): Promise<Observed[]> {
  const images = await Promise.all(people.map(sampleImage))
  return images.map((image) => by.see(image)!)
}

describe('newTakesSeen', () => {
  const takes = (...texts: string[]) => texts.map(observed)

  it('counts sequences of which a photo was there before, and no others', () => {
    const [first, other] = [takes('a 1', 'a 2'), takes('b 1', 'b 2')]
    const counted = newTakesSeen([
      [first, takes('c 1', 'a 2')],
      [first, other],
      [first, first],
    ])
    expect(counted).toEqual({ count: 2, of: 3 })
  })

  it('compares each sequence with its own first take alone', () => {
    const [first, other] = [takes('a 1', 'a 2'), takes('b 1', 'b 2')]
    expect(
      newTakesSeen([
        [first, other],
        [other, first],
      ]),
    ).toEqual({ count: 0, of: 2 })
    expect(newTakesSeen([])).toEqual({ count: 0, of: 0 })
  })
})

describe('sendAgain', () => {
  it('knows photos that were only compressed anew, and counts each sequence once for each kind', async () => {
    const by = await observer()
    const { codecs } = await realModels()
    const sessions = [await shotsOf(['ada', 'bea'], by), await shotsOf(['cleo', 'eve'], by)]
    const rows = await sendAgain(by, sessions, codecs)
    expect(rows.map(([what]) => what)).toEqual(kinds)
    expect(rows[0]).toEqual(['compressed anew, quality 60', { count: 2, of: 2 }])
    for (const [what, { count, of }] of rows) {
      expect(of, what).toBeLessThanOrEqual(2)
      expect(count, what).toBeLessThanOrEqual(of)
    }
    expect(await sendAgain(by, sessions, codecs)).toEqual(rows)
  })

  it('counts no sequence of which a photo shows no face any more', async () => {
    const by = await observer()
    const { codecs } = await realModels()
    const sessions = [await shotsOf(['ada', 'bea'], by)]
    let looks = 0
    const blind: Observer = { ...by, see: (image) => (++looks % 2 === 0 ? null : by.see(image)) }
    const rows = await sendAgain(blind, sessions, codecs)
    expect(rows.map(([, known]) => known)).toEqual(kinds.map(() => ({ count: 0, of: 0 })))
  })

  it('does not know photos of somebody else', async () => {
    const by = await observer()
    const { codecs } = await realModels()
    const sessions = [await shotsOf(['ada'], by)]
    const [stranger] = await shotsOf(['bea'], by)
    const swapped: Observer = { ...by, see: () => stranger! }
    const rows = await sendAgain(swapped, sessions, codecs)
    expect(rows.map(([, known]) => known)).toEqual(kinds.map(() => ({ count: 0, of: 1 })))
  })
})
