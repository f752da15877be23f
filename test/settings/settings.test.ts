import { describe, expect, it } from 'vitest'
import { FaceError } from '../../src/errors/face-error.ts'
import { loadSettings } from '../../src/settings/settings.ts'

const IDENTITIES = { get: () => null, list: () => null }
const [PERSON, DIRECTORY] = [{ idFromName: () => null }, { idFromName: () => null }]
const SESSION = { idFromName: () => null }
const ADMIN_FAILURES = { limit: () => null }
const limiters = {
  KEY_WORK: ADMIN_FAILURES,
  KEY_FAILURES: ADMIN_FAILURES,
  DEVICE_FAILURES: ADMIN_FAILURES,
}
const base64Key = btoa('k'.repeat(32))
const pkcs8 = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g'
const good = {
  IDENTITIES,
  PERSON,
  DIRECTORY,
  SESSION,
  ADMIN_FAILURES,
  ...limiters,
  TEMPLATE_KEYS: `new:${base64Key}, old:${base64Key}`,
  ADMIN_KEY: 'an-admin-key-1',
  APP_KEY: 'an-app-key-01, an-app-key-02',
  RECEIPT_KEYS: `one:${pkcs8}`,
}

describe('loadSettings', () => {
  it('reads several keys per role, without the blanks around them', () => {
    const settings = loadSettings(good)
    expect(settings.adminKeys).toEqual(['an-admin-key-1'])
    expect(settings.appKeys).toEqual(['an-app-key-01', 'an-app-key-02'])
    expect(settings.identities).toBe(IDENTITIES)
    expect(settings.persons).toBe(PERSON)
    expect(settings.directory).toBe(DIRECTORY)
  })

  it('takes keys of few different characters, as random digits are', () => {
    const settings = loadSettings({ ...good, APP_KEY: 'shop:484484294429' })
    expect(settings.appKeys).toEqual(['shop:484484294429'])
  })

  it('reads the keys that encrypt, in order', () => {
    const { templateKeys } = loadSettings(good)
    expect(templateKeys.map(({ id }) => id)).toEqual(['new', 'old'])
    expect(templateKeys[0]!.bytes).toEqual(new TextEncoder().encode('k'.repeat(32)))
  })

  it.each(['', base64Key, 'new:short', `new:${base64Key},`])(
    'refuses the encrypting keys %j by name and does not repeat them',
    (TEMPLATE_KEYS) => {
      const message = refusal({ ...good, TEMPLATE_KEYS })
      expect(message).toBe(
        'TEMPLATE_KEYS must be one or more of id:base64 separated by commas, each with a key of 32 bytes.',
      )
    },
  )

  it('searches the index in KV unless told otherwise', () => {
    const VECTORIZE = { query: () => null, upsert: () => null }
    expect(loadSettings(good).index).toEqual({ kind: 'kv' })
    expect(loadSettings({ ...good, INDEX: 'kv', VECTORIZE }).index).toEqual({ kind: 'kv' })
    expect(loadSettings({ ...good, INDEX: 'packed' }).index).toEqual({ kind: 'packed' })
    expect(loadSettings({ ...good, INDEX: 'vectorize', VECTORIZE }).index).toEqual({
      kind: 'vectorize',
      binding: VECTORIZE,
    })
  })

  it('refuses an index that it does not know, and Vectorize without its binding', () => {
    const unknown = 'INDEX must be one of kv, packed, vectorize.'
    expect(refusal({ ...good, INDEX: 'faiss' })).toBe(unknown)
    expect(refusal({ ...good, INDEX: '' })).toBe(unknown)
    const unbound = 'VECTORIZE is not bound to a Vectorize index, which INDEX asks for.'
    expect(refusal({ ...good, INDEX: 'vectorize' })).toBe(unbound)
    expect(refusal({ ...good, INDEX: 'vectorize', VECTORIZE: {} })).toBe(
      'VECTORIZE is not bound to a Vectorize index.',
    )
  })

  it.each([
    ['ADMIN_KEY', undefined, 'ADMIN_KEY is not set.'],
    ['APP_KEY', undefined, 'APP_KEY is not set.'],
    ['TEMPLATE_KEYS', undefined, 'TEMPLATE_KEYS is not set.'],
    ['PERSON', undefined, 'PERSON is not bound to the Durable Object PersonObject.'],
    ['SESSION', {}, 'SESSION is not bound to the Durable Object SessionObject.'],
    ['DIRECTORY', {}, 'DIRECTORY is not bound to the Durable Object DirectoryObject.'],
    ['IDENTITIES', undefined, 'IDENTITIES is not bound to a KV namespace.'],
    ['IDENTITIES', 'text', 'IDENTITIES is not bound to a KV namespace.'],
    ['RECEIPT_KEYS', undefined, 'RECEIPT_KEYS is not set.'],
    ['ADMIN_FAILURES', undefined, 'ADMIN_FAILURES is not bound to a rate limiter.'],
    ['KEY_WORK', undefined, 'KEY_WORK is not bound to a rate limiter.'],
    ['KEY_FAILURES', {}, 'KEY_FAILURES is not bound to a rate limiter.'],
    ['DEVICE_FAILURES', undefined, 'DEVICE_FAILURES is not bound to a rate limiter.'],
    ['FMR', 0, 'FMR must be a rate between 0 and 1, such as 0.001.'],
    ['FMR', '1e-4', 'FMR must be a rate between 0 and 1, such as 0.001.'],
    ['DETAIL', 'everything', 'DETAIL must be one of decision, scores.'],
    ['RIVALS', 'no', 'RIVALS must be true or false.'],
    [
      'ISSUER',
      'face.example.com',
      'ISSUER must be an address such as https://facegate.example.com.',
    ],
    [
      'ISSUER',
      'https://a.example/',
      'ISSUER must be an address such as https://facegate.example.com.',
    ],
    [
      'ISSUER',
      'http://face.example.com',
      'ISSUER must be https, except on a local machine: keys would be readable on their way.',
    ],
    ['AUDIT', {}, 'AUDIT is not bound to an Analytics Engine data set.'],
  ])('names %s when it is %s', (name, value, message) => {
    expect(refusal({ ...good, [name]: value })).toBe(message)
  })

  it.each([
    '',
    'short',
    'an-app-key-01,',
    'an-app-key-01,short',
    'with a blank inside',
    'schlüssel-schlüssel',
    'shop:short',
    'shop:',
    'changemechangeme',
    'an-app-key-01,shop:12341234123412341234',
  ])('refuses the keys %j by name and does not repeat them', (keys) => {
    const message = refusal({ ...good, APP_KEY: keys })
    expect(message).toMatch(/^APP_KEY must be one or more keys/)
    if (keys !== '') expect(message).not.toContain(keys)
  })

  it('decides at the rate of the calibration, looks for rivals, and tells apps the decision only, unless told otherwise', () => {
    expect(loadSettings(good)).toMatchObject({ fmr: undefined, detail: 'decision', rivals: true })
    expect(loadSettings(good)).not.toHaveProperty('issuer')
    const told = { FMR: '0.0001', DETAIL: 'scores', RIVALS: 'false', ISSUER: 'https://a.example' }
    expect(loadSettings({ ...good, ...told })).toMatchObject({
      fmr: 0.0001,
      detail: 'scores',
      rivals: false,
      issuer: 'https://a.example',
    })
  })

  it('refuses two keys of one id, whatever their roles', () => {
    for (const entries of [
      { APP_KEY: 'shop:an-app-key-01,shop:an-app-key-02' },
      { APP_KEY: 'shop:an-app-key-01', ADMIN_KEY: 'shop:an-admin-key-1' },
    ]) {
      expect(refusal({ ...good, ...entries })).toBe('APP_KEY or ADMIN_KEY has two keys of one id.')
    }
  })

  it('refuses a key that has both roles', () => {
    const named = refusal({ ...good, APP_KEY: 'shop:an-admin-key-1' })
    expect(named).toBe('APP_KEY has a key in common with ADMIN_KEY.')
    const message = refusal({ ...good, APP_KEY: 'an-app-key-01,an-admin-key-1' })
    expect(message).toBe('APP_KEY has a key in common with ADMIN_KEY.')
    // A caller may show the id too, so this app key is what the administrator shows.
    const whole = { ADMIN_KEY: 'ops:an-admin-key-1', APP_KEY: 'shop:ops:an-admin-key-1' }
    expect(refusal({ ...good, ...whole })).toBe('APP_KEY has a key in common with ADMIN_KEY.')
  })

  it.each(['0.5', 0.5])('reads %j as the distance for uncalibrated models', (UNCALIBRATED) => {
    expect(loadSettings({ ...good, UNCALIBRATED }).uncalibratedThreshold).toBe(0.5)
    expect(loadSettings(good)).not.toHaveProperty('uncalibratedThreshold')
  })

  it.each(['0', 'a', '', ' 0.5', '1e3', -1, Number.NaN, null])(
    'refuses the distance %j',
    (UNCALIBRATED) => {
      expect(refusal({ ...good, UNCALIBRATED })).toBe(
        'UNCALIBRATED must be a distance greater than 0, such as 0.5.',
      )
    },
  )

  it('looks at no liveness unless told to', () => {
    expect(loadSettings(good).liveness).toEqual({ policy: 'off' })
  })

  it.each(['off', 'advise', 'require'])('reads %j as the policy for liveness', (LIVENESS) => {
    expect(loadSettings({ ...good, LIVENESS }).liveness).toEqual({ policy: LIVENESS })
  })

  it.each(['', 'on', 'Require', 'true', true, null])('refuses the policy %j', (LIVENESS) => {
    expect(refusal({ ...good, LIVENESS })).toBe('LIVENESS must be off, advise, require or active.')
  })

  it.each(['0.6', 0.6])('reads %j as the score that counts as live', (LIVENESS_THRESHOLD) => {
    const settings = loadSettings({ ...good, LIVENESS: 'require', LIVENESS_THRESHOLD })
    expect(settings.liveness).toEqual({ policy: 'require', threshold: 0.6 })
  })

  it.each(['0', '1', '-0.5', 'a', '', 0, 1, Number.NaN, null])(
    'refuses the score %j, at which everything or nothing would be live',
    (LIVENESS_THRESHOLD) => {
      expect(refusal({ ...good, LIVENESS_THRESHOLD })).toBe(
        'LIVENESS_THRESHOLD must be a score between 0 and 1, such as 0.3.',
      )
    },
  )

  it('names everything that is missing at once', () => {
    const message = refusal({})
    for (const name of Object.keys(good)) expect(message).toContain(name)
  })
})

describe('RECEIPT_KEYS', () => {
  it('are read in their order, without the blanks around them', () => {
    const { receiptKeys } = loadSettings({
      ...good,
      RECEIPT_KEYS: `2026-12:${pkcs8}, 2026-11:${pkcs8}`,
    })
    expect(receiptKeys).toEqual([
      { kid: '2026-12', pkcs8 },
      { kid: '2026-11', pkcs8 },
    ])
  })

  it.each([
    '',
    pkcs8,
    `:${pkcs8}`,
    'one:',
    'one:short',
    `one:${pkcs8}:more`,
    `one:${pkcs8},`,
    `one two:${pkcs8}`,
    `one:${pkcs8.replace('/', '_')}`,
  ])('are refused as %j, without repeating them', (RECEIPT_KEYS) => {
    const message = refusal({ ...good, RECEIPT_KEYS })
    expect(message).toMatch(/^RECEIPT_KEYS must be one or more keys separated by commas/)
    expect(message).not.toContain(pkcs8.slice(-20))
  })

  it('are refused when two have one id', () => {
    const message = refusal({ ...good, RECEIPT_KEYS: `one:${pkcs8},one:${pkcs8}` })
    expect(message).toBe('RECEIPT_KEYS has two keys of one id.')
  })
})

function refusal(env: unknown): string {
  try {
    loadSettings(env)
  } catch (error) {
    if (error instanceof FaceError && error.code === 'not_configured') return error.message
    throw error
  }
  throw new Error('expected not_configured')
}
