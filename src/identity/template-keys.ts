/** Reads the secret `TEMPLATE_KEYS`: `keyId:base64` with 32 bytes a key, separated by commas, the current one first. Pure. */
import { bytesFromBase64 } from '../lib/base64.ts'
import { type TemplateKey, templateKeyBytes } from './vault.ts'

/** Null if any part is malformed or two keys have the same id. */
export function parseTemplateKeys(text: string): readonly TemplateKey[] | null {
  const keys = text.split(',').map((part) => parseKey(part.trim()))
  if (!keys.every((key) => key !== null)) return null
  return new Set(keys.map(({ id }) => id)).size === keys.length ? keys : null
}

function parseKey(part: string): TemplateKey | null {
  const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]+=*)$/.exec(part) ?? []
  if (id === undefined) return null
  const bytes = bytesFromBase64(base64)
  return bytes?.length === templateKeyBytes ? { id, bytes } : null
}
