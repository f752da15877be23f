/**
 * Encrypts what is stored about people: AES-256-GCM with keys from the secret `TEMPLATE_KEYS`. A sealed text names its key, so
 * that keys can be changed while old texts still open: the first key of the secret seals, all of them open. What a text is
 * for and whom it is about are bound to it: copied to another place it does not open.
 */
import { bytesFromBase64, bytesToBase64 } from './base64.ts'

/** What a sealed text is; one does not open as another. */
export type SealPurpose = 'record' | 'gallery' | 'name'

export interface TemplateKey {
  /** Stands in the clear in every sealed text. */
  readonly id: string
  /** 32. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface Vault {
  /** @param subject whom the text is about: the id of the person's object (person-key.ts) */
  seal(purpose: SealPurpose, subject: string, text: string): Promise<string>
  /** Null when the text was not sealed for this purpose and subject, with a key that is still there. */
  open(purpose: SealPurpose, subject: string, sealed: string): Promise<string | null>
  /** False for a text that another key sealed than the one that seals now. */
  isCurrent(sealed: string): boolean
}

/** Bytes of AES-256. */
export const templateKeyBytes = 32

/** Begins every sealed text; another layout gets another number. */
const layout = '1'
/** Bytes that GCM is made for; random, which is safe for 2^32 texts a key. */
const nonceBytes = 12

/** @param keys at least one; the first seals */
export async function createVault(keys: readonly TemplateKey[]): Promise<Vault> {
  const imported = await Promise.all(
    keys.map(async ({ id, bytes }) => [id, await importKey(bytes)] as const),
  )
  const [currentId, currentKey] = imported[0]
  const keyOf = new Map(imported)
  const start = `${layout}.${currentId}.`

  return {
    async seal(purpose, subject, text) {
      const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv: nonce, additionalData: bindingOf(purpose, subject) },
        currentKey,
        new TextEncoder().encode(text),
      )
      const bytes = new Uint8Array(nonceBytes + sealed.byteLength)
      bytes.set(nonce)
      bytes.set(new Uint8Array(sealed), nonceBytes)
      return start + bytesToBase64(bytes)
    },

    async open(purpose, subject, sealed) {
      const [stored, id, text, ...more] = sealed.split('.')
      const key = keyOf.get(id)
      if (stored !== layout || key === undefined || more.length > 0) return null
      const bytes = bytesFromBase64(text)
      if (bytes === null) return null
      const nonce = bytes.subarray(0, nonceBytes)
      try {
        const opened = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: nonce, additionalData: bindingOf(purpose, subject) },
          key,
          bytes.subarray(nonceBytes),
        )
        return new TextDecoder().decode(opened)
      } catch {
        // WebCrypto tells by an exception, and says no more, that the text was changed or belongs elsewhere.
        return null
      }
    },

    isCurrent: (sealed) => sealed.startsWith(start),
  }
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** A line break stands in neither. */
function bindingOf(purpose: SealPurpose, subject: string): Uint8Array {
  return new TextEncoder().encode(`facegate\n${purpose}\n${subject}`)
}
