/**
 * Names of requests: ULIDs, 26 characters of Crockford's base 32, ten for the time in milliseconds and sixteen for 80 random
 * bits, so that they sort by time. Clock and randomness are passed in. Layout: https://github.com/ulid/spec
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const timeCharacters = 10

/** Random bytes that one id takes. */
export const requestIdRandomBytes = 10

export function formatRequestId(now: Date, random: Uint8Array): string {
  if (random.length !== requestIdRandomBytes) {
    throw new Error(`expected ${requestIdRandomBytes} random bytes, got ${random.length}`)
  }
  let remaining = now.getTime()
  let time = ''
  for (let i = 0; i < timeCharacters; i++) {
    time = alphabet[remaining % 32] + time
    remaining = Math.floor(remaining / 32)
  }
  const bits = Array.from(random, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return time + bits.replace(/.{5}/g, (five) => alphabet[Number.parseInt(five, 2)])
}
