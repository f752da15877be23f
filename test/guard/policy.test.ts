import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { guardVars, readAllowedOrigins, toGuardPolicy } from '../../src/guard/policy.ts'

const schema = z.object(guardVars)

describe('the guard', () => {
  it('locks after 5 failures for 30 s to 1 h, disables after 50, takes 60 attempts an hour, and asks for no challenge, unless told otherwise', () => {
    expect(toGuardPolicy(schema.parse({}))).toEqual({
      lockout: {
        after: 5,
        firstSeconds: 30,
        maxSeconds: 3600,
        disableAfter: 50,
        attemptsPerHour: 60,
      },
      challenge: { seconds: 60, required: false },
      allowedOrigins: [],
    })
  })

  it('disables after as many failures as it is told, or never', () => {
    const disableAfter = (DISABLE_AFTER: unknown) =>
      toGuardPolicy(schema.parse({ DISABLE_AFTER })).lockout.disableAfter
    expect(disableAfter(70)).toBe(70)
    expect(disableAfter('70')).toBe(70)
    expect(disableAfter('never')).toBeUndefined()
  })

  it.each([
    ['as wrangler.toml has them', 3, 10, 600, 90, true],
    ['as text', '3', '10', '600', '90', 'true'],
  ])('takes its vars %s', (_, after, first, max, seconds, required) => {
    const vars = schema.parse({
      LOCKOUT_AFTER: after,
      LOCKOUT_SECONDS: first,
      LOCKOUT_MAX_SECONDS: max,
      CHALLENGE_SECONDS: seconds,
      REQUIRE_CHALLENGE: required,
    })
    expect(toGuardPolicy(vars)).toMatchObject({
      lockout: { after: 3, firstSeconds: 10, maxSeconds: 600 },
      challenge: { seconds: 90, required: true },
    })
  })

  it.each([
    [
      'LOCKOUT_AFTER',
      [0, 101, 2.5, -1, '', '5 ', '1e1', null, true],
      'a whole number from 1 to 100',
    ],
    ['LOCKOUT_SECONDS', [0, 86_401, 'a', Number.NaN], 'a whole number from 1 to 86400'],
    ['LOCKOUT_MAX_SECONDS', [0, '86401'], 'a whole number from 1 to 86400'],
    ['DISABLE_AFTER', [0, '', 1001, 'Never'], 'a whole number from 1 to 1000, or never'],
    ['ATTEMPTS_PER_HOUR', [0, 100_001, 'never'], 'a whole number from 1 to 100000'],
    ['CHALLENGE_SECONDS', [0, 601, Number.POSITIVE_INFINITY], 'a whole number from 1 to 600'],
    ['REQUIRE_CHALLENGE', ['yes', '', 1, 'TRUE', null], 'true or false'],
  ] as const)('refuses %s when it is one of %j', (name, values, expected) => {
    for (const value of values) {
      const { error } = schema.safeParse({ [name]: value })
      expect(
        error?.issues.map(({ message }) => message),
        `${value}`,
      ).toEqual([`must be ${expected}`])
    }
  })
})

describe('ALLOWED_ORIGINS', () => {
  it('are exact origins, separated by commas', () => {
    const ALLOWED_ORIGINS = 'https://app.example.com, http://localhost:3000'
    const expected = ['https://app.example.com', 'http://localhost:3000']
    expect(schema.parse({ ALLOWED_ORIGINS }).ALLOWED_ORIGINS).toEqual(expected)
    expect(readAllowedOrigins({ ALLOWED_ORIGINS })).toEqual(expected)
  })

  it.each(['', ' ', undefined])('are none when they are %j', (ALLOWED_ORIGINS) => {
    expect(schema.parse({ ALLOWED_ORIGINS }).ALLOWED_ORIGINS).toEqual([])
    expect(readAllowedOrigins({ ALLOWED_ORIGINS })).toEqual([])
    expect(readAllowedOrigins(undefined)).toEqual([])
  })

  it.each([
    '*',
    'null',
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com:443',
    'https://*.example.com',
    'https://user@app.example.com',
    'ftp://app.example.com',
    'https://app.example.com,*',
    5,
  ])('are refused as %j, and then allow nobody', (ALLOWED_ORIGINS) => {
    expect(schema.safeParse({ ALLOWED_ORIGINS }).success).toBe(false)
    expect(readAllowedOrigins({ ALLOWED_ORIGINS })).toEqual([])
  })
})
