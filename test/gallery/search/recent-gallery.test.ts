import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gallery, GalleryView } from '../../../src/gallery/search/gallery.ts'
import {
  createRecentGallery,
  mostStaleMs,
  recentMs,
} from '../../../src/gallery/search/recent-gallery.ts'

const source = { model: 'made-up@1', encodingLength: 128 }

let nowMs: number
let opened: number
let fails: boolean
let background: Promise<unknown>[]
const gallery: Gallery = {
  async open() {
    opened++
    if (fails) throw new Error('the directory is down')
    return { people: opened } as GalleryView
  },
}
const create = () =>
  createRecentGallery(gallery, { nowMs: () => nowMs, keepAlive: (work) => background.push(work) })
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 28)
  opened = 0
  fails = false
  background = []
})

describe('a gallery of some seconds ago', () => {
  it('is opened once, and used as it is for a while', async () => {
    const recent = create()
    for (let i = 0; i < 3; i++) {
      expect(await recent.open(source)).toEqual({ people: 1 })
      nowMs += recentMs / 3
    }
    expect(opened).toBe(1)
  })

  it('is then renewed in the background, once, while the one before is used', async () => {
    const recent = create()
    await recent.open(source)
    nowMs += recentMs + 1
    const views = await Promise.all([recent.open(source), recent.open(source)])
    expect(views).toEqual([{ people: 1 }, { people: 1 }])
    await Promise.all(background)
    expect(opened).toBe(2)
    expect(await recent.open(source)).toEqual({ people: 2 })
  })

  it('is renewed for whoever says before that they will open it, and can be waited for', async () => {
    const recent = create()
    await recent.renewIfDue(source)
    expect(opened).toBe(0)
    await recent.open(source)
    await recent.renewIfDue(source)
    expect(opened).toBe(1)
    nowMs += recentMs + 1
    await recent.renewIfDue(source)
    expect(await recent.open(source)).toEqual({ people: 2 })
    expect(opened).toBe(2)
    fails = true
    nowMs += recentMs + 1
    await recent.renewIfDue(source)
    expect(await recent.open(source)).toEqual({ people: 2 })
  })

  it('that is too old is waited for, and its failure is that of the search', async () => {
    const recent = create()
    await recent.open(source)
    nowMs += mostStaleMs + 1
    fails = true
    await expect(recent.open(source)).rejects.toThrow('down')
    fails = false
    expect(await recent.open(source)).toEqual({ people: 3 })
  })

  it('survives a renewal that fails, until it is too old', async () => {
    const recent = create()
    await recent.open(source)
    fails = true
    nowMs += recentMs + 1
    expect(await recent.open(source)).toEqual({ people: 1 })
    await Promise.all(background)
    nowMs += mostStaleMs
    await expect(recent.open(source)).rejects.toThrow('down')
  })

  it('is forgotten when somebody was changed here, also by one that was being read', async () => {
    const recent = create()
    const reading = recent.open(source)
    recent.forget()
    expect(await reading).toEqual({ people: 1 })
    expect(await recent.open(source)).toEqual({ people: 2 })
  })

  it('is forgotten at once when it was read before the change', async () => {
    const recent = create()
    await recent.open(source)
    recent.forget()
    expect(await recent.open(source)).toEqual({ people: 2 })
  })

  it('is that of one model', async () => {
    const recent = create()
    await recent.open(source)
    expect(await recent.open({ ...source, model: 'other@2' })).toEqual({ people: 2 })
  })

  it('is none of a clock that was set back', async () => {
    const open = vi.spyOn(gallery, 'open')
    const recent = create()
    await recent.open(source)
    nowMs -= mostStaleMs + 1
    await recent.open(source)
    expect(open).toHaveBeenCalledTimes(2)
    open.mockRestore()
  })
})
