import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaveOut, seenPeople } from '../../training/seen-people.ts'

let out: string
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'facegate-run-'))
})
afterAll(() => rm(out, { recursive: true }))

const photos = ['ada', 'ada', 'bea', 'cleo'].map((person, i) => ({ person, file: `${i}.jpg` }))

describe('seenPeople', () => {
  it('are those that the run beside the weights learned from, and those who chose its end', async () => {
    expect(await seenPeople(join(out, 'weights'))).toEqual(new Set())
    const people = { learned: ['ada'], heldBack: ['bea'] }
    await writeFile(join(out, 'run.json'), JSON.stringify({ people }))
    expect(await seenPeople(join(out, 'weights'))).toEqual(new Set(['ada', 'bea']))
  })
})

describe('leaveOut', () => {
  it('leaves their photos out, and names them', () => {
    const { photos: left, note } = leaveOut(photos, new Set(['ada', 'zoe']))
    expect(left.map(({ person }) => person)).toEqual(['bea', 'cleo'])
    expect(note).toBe('left out 1 of 3 people, whom the packed weights have learned from: ada')
  })

  it('changes nothing where nobody was seen', () => {
    expect(leaveOut(photos, new Set(['zoe']))).toEqual({ photos })
  })

  it('refuses a folder of whom all were seen', () => {
    expect(() => leaveOut(photos, new Set(['ada', 'bea', 'cleo']))).toThrow(
      'the packed weights have learned from all 3 people: take others, whom they have not seen',
    )
  })
})
