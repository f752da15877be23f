import { expect, it } from 'vitest'
import { doubtCodes } from '../../src/decision/doubt.ts'
import { reasonCodes, reasons } from '../../src/decision/reasons.ts'

it('what the person can mend, or is nobody’s attack, is no failure; everything else is one', () => {
  const near = reasonCodes.filter((code) => reasons[code].counts === 'near')
  expect(near).toEqual([
    'nearer_to_another',
    'others_unknown',
    'look_ahead',
    'turn_left',
    'turn_right',
    'look_up',
    'look_down',
    'come_nearer',
    'turned_too_far',
    'too_near',
  ])
  const failed = reasonCodes.filter((code) => reasons[code].counts === 'no_match')
  expect(failed).toEqual([
    'other_person',
    'seen_before',
    'other_photo',
    'not_one_take',
    'flat',
    ...doubtCodes,
  ])
})
