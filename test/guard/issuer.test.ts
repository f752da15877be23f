import { describe, expect, it } from 'vitest'
import { issuerOf, requireEncryption } from '../../src/guard/issuer.ts'

describe('the issuer of receipts', () => {
  it('is what ISSUER says, whatever address was called', () => {
    for (const url of ['https://evil.example/verify', 'http://localhost:8787/verify']) {
      expect(issuerOf('https://face.example.com', url)).toBe('https://face.example.com')
    }
  })

  it.each([
    'http://localhost:8787',
    'http://127.0.0.1:8787',
    'http://[::1]:8787',
    'http://localhost',
  ])('is the address itself on this machine: %s', (origin) => {
    expect(issuerOf(undefined, `${origin}/verify?identity=eve`)).toBe(origin)
  })

  it.each([
    'https://facegate.example.workers.dev',
    'https://localhost.example.com',
    'https://127.0.0.1.example.com',
    'http://192.168.1.7:8787',
    'http://127.0.0.2',
  ])('is not_configured anywhere else: %s', (origin) => {
    expect(() => issuerOf(undefined, `${origin}/verify`)).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message: expect.stringMatching(/^ISSUER is not set/),
      }),
    )
  })
})

describe('a request without encryption', () => {
  const plain = 'http://face.example.com/verify'

  it('is refused where ISSUER says https, and told to replace the key', () => {
    expect(() => requireEncryption('https://face.example.com', plain)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringMatching(/^expected https/),
      }),
    )
  })

  it.each([
    ['https://face.example.com', 'https://face.example.com/verify'],
    ['https://face.example.com', 'http://127.0.0.1:8787/verify'],
    ['http://127.0.0.1:8787', 'http://192.168.1.7:8787/verify'],
    [undefined, plain],
  ])('is taken with ISSUER %s at %s', (issuer, url) => {
    expect(() => requireEncryption(issuer, url)).not.toThrow()
  })
})
