/** A fresh key to sign receipts with, as the secret RECEIPT_KEYS takes it: an id and an Ed25519 private key in PKCS #8. */
import { generateKeyPairSync } from 'node:crypto'

export function drawReceiptKey(id = 'local'): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return `${id}:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`
}
