import { expect, it } from 'vitest'
import { sumOfPeople } from '../../../src/identity/directory/people-sum.ts'

it('is a fixed number, whatever the order', () => {
  expect(sumOfPeople([])).toBe(0)
  const people: [string, number][] = [
    ['ada', 1],
    ['bob', 2],
  ]
  expect(sumOfPeople(people)).toBe(4096762605)
  expect(sumOfPeople(people.reverse())).toBe(4096762605)
})

it('is another one for other people in the same versions, and for the same in others', () => {
  const sums = [
    sumOfPeople([['ada', 1]]),
    sumOfPeople([['bob', 1]]),
    sumOfPeople([['ada', 2]]),
    sumOfPeople([
      ['ada', 1],
      ['bob', 2],
    ]),
    sumOfPeople([
      ['ada', 2],
      ['bob', 1],
    ]),
  ]
  expect(new Set(sums).size).toBe(sums.length)
})

it('of parts adds up to that of the whole, exactly, for 200,000 people', () => {
  const people = Array.from({ length: 200_000 }, (_, i): [string, number] => [`person-${i}`, i])
  const whole = sumOfPeople(people)
  expect(Number.isSafeInteger(10 * whole)).toBe(true)
  expect(sumOfPeople(people.slice(0, 777)) + sumOfPeople(people.slice(777))).toBe(whole)
})
