import { describe, expect, it } from 'vitest'
import { isPlaceholder } from '../../src/settings/placeholder-key.ts'
import { seededRandom } from '../support/random.ts'

const alphabets = {
  digits: '0123456789',
  hexadecimal: '0123456789abcdef',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  'small letters': 'abcdefghijklmnopqrstuvwxyz',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
}

describe('a key', () => {
  it.each([
    'xxxxxxxxxxxxxxxx',
    'abababababab',
    'aabbccaabbcaabc',
    'abcabcabcabc',
    'abcdeabcdeab',
    'changemechangeme',
    '12341234123412341234',
    'change-me-please',
    'Your_Admin_Key_Here',
    'password1234567',
    'placeholder-1',
    'replace.with.your.api.key',
    'default-secret-2026',
    'change-it-later',
    'change-me-please-now',
    'my-new-facegate-key',
    'insert-key-here',
    'CHANGE_ME_PLEASE!',
    '<your-admin-key>',
    '123456789012',
    '12345678901234567890',
    '210987654321',
    'abcdefghijkl',
    'abcdefgh12345678',
    'aaaabbbbccccdddd',
    '111122223344',
    'aaaaaaaaaabcd',
  ])('%s stands in for one', (key) => {
    expect(isPlaceholder(key)).toBe(true)
  })

  it.each([
    'abcdabcdabce',
    'xabcdabcdabcd',
    'abcd1234efgh',
    '123321456654',
    '#-4902-7731-5566',
    'пароль-для-меня',
    'an-app-key-01',
    'my-very-own-key',
    'correct-horse-battery-staple',
    'my-password-is-long',
    '4902-7731-5566',
  ])('%s is one', (key) => {
    expect(isPlaceholder(key)).toBe(false)
  })

  it.each(Object.entries(alphabets))('of 12 random %s is one', (_, letters) => {
    const random = seededRandom(12)
    const count = 50_000
    let refused = 0
    for (let i = 0; i < count; i++) {
      const key = Array.from({ length: 12 }, () => letters[Math.floor(random() * letters.length)])
      if (isPlaceholder(key.join(''))) refused++
    }
    // Of digits four are expected; of the others one in twenty runs.
    expect(refused).toBeLessThanOrEqual(letters.length === 10 ? 9 : 1)
  })
})
