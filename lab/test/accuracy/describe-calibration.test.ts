import { describe, expect, it } from 'vitest'
import { describeCalibration } from '../../accuracy/describe-calibration.ts'

describe('describeCalibration', () => {
  it('names what each number is, in the rows of the table', () => {
    const text = describeCalibration({
      data: 'made up',
      verification: [
        { fmr: 0.001, encodings: 1, threshold: 0.4, interval: [0.38, 0.42], missed: [0.0456] },
        { fmr: 0.0001, encodings: 1, threshold: 0.35, interval: [0.3, 0.4] },
      ],
      identification: [
        { fmr: 0.01, people: 1000, threshold: 0.3, interval: [0.29, 0.31], missed: [0.2, 0.1, 0] },
      ],
    })
    expect(text.split('\n')).toEqual([
      'made up',
      '',
      'For one person (/verify):',
      '| strangers let in | photos enrolled | threshold | 95 % interval    | right people refused |',
      '| ---------------- | --------------- | --------- | ---------------- | -------------------- |',
      '| 1 in 1,000       | 1               | 0.4000    | 0.3800 to 0.4200 | 4.6 %                |',
      '| 1 in 10,000      | 1               | 0.3500    | 0.3000 to 0.4000 | -                    |',
      '',
      'For a search (/recognize):',
      '| strangers named | people | threshold | 95 % interval    | right people not named, with 1; 2; 3 photos |',
      '| --------------- | ------ | --------- | ---------------- | ------------------------------------------- |',
      '| 1 in 100        | 1,000  | 0.3000    | 0.2900 to 0.3100 | 20.0 %; 10.0 %; 0.0 %                       |',
      '',
    ])
  })
})
