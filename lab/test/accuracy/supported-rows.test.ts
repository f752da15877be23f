import { describe, expect, it } from 'vitest'
import { CommandFault } from '../../../scripts/front/fault.ts'
import { fitCalibration } from '../../accuracy/fit/fit-calibration.ts'
import { isSupported, supportedRows } from '../../accuracy/supported-rows.ts'
import { makePeople } from './fit/made-up-people.ts'

const row = (fmr: number, count: number, threshold: number, low: number) => ({
  fmr,
  count,
  threshold,
  interval: [low, threshold + 0.1] as const,
  missed: [],
})
const sound = {
  verification: [row(0.01, 1, 0.4, 0.39), row(0.001, 1, 0.35, 0.3)],
  identification: [row(0.001, 10, 0.3, 0.25), row(0.001, 1_000_000, 0.2, 0)],
}

describe('supportedRows', () => {
  it('leaves out what comes out anywhere, and says how many people would show it', () => {
    const { verification, identification, leftOut } = supportedRows(sound, 100)
    expect(verification).toEqual(sound.verification)
    expect(identification).toEqual([sound.identification[0]])
    expect(leftOut).toEqual([
      'no row for an fmr of 0.001 in a gallery of 1000000: about 400 people would show it',
    ])
  })

  it('refuses people too few for the rate that everybody gets', () => {
    const rough = { ...sound, verification: [row(0.01, 1, 0.4, 0.39), row(0.001, 1, 0.3, 0.05)] }
    expect(() => supportedRows(rough, 60)).toThrow(
      new CommandFault(
        '60 people are too few for a false-match rate of 0.001; about 170 are needed',
      ),
    )
  })

  it('keeps every row that is certain within half of it, of made-up people as of listed ones', () => {
    const faces = makePeople({ lonely: 120, crowd: 0, photosEach: 3, seed: 4 })
    const { verification, identification } = fitCalibration(faces, 'l2')
    const kept = supportedRows({ verification, identification }, 120)
    expect(kept.verification.every(isSupported)).toBe(true)
    expect(kept.identification.every(isSupported)).toBe(true)
    expect(kept.identification.length + kept.verification.length + kept.leftOut.length).toBe(
      verification.length + identification.length,
    )
  })
})
