import { describe, expect, it } from 'vitest'
import { ambiguityShare } from '../../src/decision/decide-among.ts'
import { rivalReach, rivalShare } from '../../src/decision/rival.ts'

const verification = { threshold: 0.4 }
const identification = { threshold: 0.35 }
const margin = 0.4 * rivalShare

describe('rivalReach', () => {
  it('asks a rival for half of what an answer among everybody asks the first for', () => {
    expect(rivalShare).toBe(ambiguityShare / 2)
  })

  it('asks a rival to be clearly nearer than the person claimed', () => {
    expect(rivalReach(0.3, verification, identification)).toBeCloseTo(0.3 - margin, 12)
  })

  it('asks a rival to pass among everybody, however far the person claimed is', () => {
    expect(rivalReach(0.4, verification, { threshold: 0.2 })).toBe(0.2)
  })

  it('knows no rival to a person who is as near as can be', () => {
    expect(rivalReach(margin / 2, verification, identification)).toBe(0)
    expect(rivalReach(0, verification, identification)).toBe(0)
  })
})
