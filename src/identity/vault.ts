/**
 * Encrypts the stored data about people: AES-256-GCM with keys from the secret `TEMPLATE_KEYS`. A sealed text names its key,
 * so keys can be changed while old texts still open: the first key of the secret seals, all of them open. Purpose and subject
 * are bound to a text: copied to another place it does not open.
 */
import { bytesFromBase64, bytesToBase64 } from '../lib/base64.ts'

/** The purpose of a sealed text; a text does not open for another purpose. */
export type SealPurpose = 'record' | 'gallery' | 'name' | 'segment' | 'session'

export interface TemplateKey {
  /** Stands in the clear in every sealed text. */
  readonly id: string
  /** 32. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface Vault {
  /** @param subject what the text is about: the id of the person's object (person-key.ts), or the name of a segment */
  seal(purpose: SealPurpose, subject: string, text: string): Promise<string>
  /** Null unless the text was sealed for this purpose and subject with a key that is still present. */
  open(purpose: SealPurpose, subject: string, sealed: string): Promise<string | null>
  /** False for a text sealed with a key other than the current one. */
  isCurrent(sealed: string): boolean
  /** The same three for large byte arrays, without conversion to text. */
  sealBytes(purpose: SealPurpose, subject: string, bytes: Uint8Array): Promise<Bytes>
  openBytes(purpose: SealPurpose, subject: string, sealed: Bytes): Promise<Bytes | null>
  isCurrentBytes(sealed: Bytes): boolean
}

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes of AES-256. */
export const templateKeyBytes = 32

/** First character of every sealed text; each layout has its own number. */
const layout = '1'
/** Layout, key id of at most 32 characters, and two dots. */
const longestStart = layout.length + 34
/** Bytes of GCM's standard nonce; random, which is safe for 2^32 texts per key. */
const nonceBytes = 12

/** @param keys at least one; the first seals */
export async function createVault(keys: readonly TemplateKey[]): Promise<Vault> {
  const imported = await Promise.all(
    keys.map(async ({ id, bytes }) => [id, await importKey(bytes)] as const),
  )
  const [currentId, currentKey] = imported[0]
  const keyOf = new Map(imported)
  const start = `${layout}.${currentId}.`
  const startBytes = new TextEncoder().encode(start)

  /** Nonce and GCM output, after reserved room for a header. */
  async function encrypt(
    purpose: SealPurpose,
    subject: string,
    bytes: Uint8Array,
    roomBytes: number,
  ): Promise<Bytes> {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
    const additionalData = bindingOf(purpose, subject)
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData }
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, currentKey, bytes))
    const all = new Uint8Array(roomBytes + nonceBytes + sealed.length)
    all.set(nonce, roomBytes)
    all.set(sealed, roomBytes + nonceBytes)
    return all
  }

  /** Null when it was not sealed for this purpose and subject with this key. */
  async function decrypt(
    purpose: SealPurpose,
    subject: string,
    bytes: Uint8Array,
    key: CryptoKey | undefined,
  ): Promise<Bytes | null> {
    if (key === undefined) return null
    const iv = bytes.subarray(0, nonceBytes)
    const algorithm = { name: 'AES-GCM', iv, additionalData: bindingOf(purpose, subject) }
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.subarray(nonceBytes)))
    } catch {
      // WebCrypto only throws, without details, when the text was changed or belongs elsewhere.
      return null
    }
  }

  return {
    async seal(purpose, subject, text) {
      const bytes = await encrypt(purpose, subject, new TextEncoder().encode(text), 0)
      return start + bytesToBase64(bytes)
    },

    async open(purpose, subject, sealed) {
      const [stored, id, text, ...more] = sealed.split('.')
      if (stored !== layout || more.length > 0) return null
      const bytes = text === undefined ? null : bytesFromBase64(text)
      const opened = bytes && (await decrypt(purpose, subject, bytes, keyOf.get(id)))
      return opened && new TextDecoder().decode(opened)
    },

    isCurrent: (sealed) => sealed.startsWith(start),

    async sealBytes(purpose, subject, bytes) {
      const sealed = await encrypt(purpose, subject, bytes, startBytes.length)
      sealed.set(startBytes)
      return sealed
    },

    async openBytes(purpose, subject, sealed) {
      // Layout and key id as in a text; both are ASCII, and short.
      const head = String.fromCharCode(...sealed.subarray(0, longestStart))
      const [stored, id, ...more] = head.split('.')
      if (stored !== layout || more.length === 0) return null
      const rest = sealed.subarray(stored.length + id.length + 2)
      return await decrypt(purpose, subject, rest, keyOf.get(id))
    },

    isCurrentBytes: (sealed) => startBytes.every((byte, i) => byte === sealed[i]),
  }
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** Neither contains a line break. */
function bindingOf(purpose: SealPurpose, subject: string): Uint8Array {
  return new TextEncoder().encode(`facegate\n${purpose}\n${subject}`)
}
