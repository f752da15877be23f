/** Seals a record with the data that listings and galleries need, and opens it. */
import { serializeEntry } from './gallery-entry.ts'
import type { SealedPerson } from './objects/person-state.ts'
import { type IdentityRecord, parseRecord, serializeRecord, unreadableRecord } from './record.ts'
import type { Vault } from './vault.ts'

/** @param key the person's (person-key.ts) */
export async function sealPerson(
  vault: Vault,
  key: string,
  record: IdentityRecord,
): Promise<SealedPerson> {
  const { name, encodings, model, other, createdAt, updatedAt, expiresAt } = record
  const [sealedRecord, entry, sealedName] = await Promise.all([
    vault.seal('record', key, serializeRecord(record)),
    vault.seal('gallery', key, serializeEntry(record)),
    name === undefined ? undefined : vault.seal('name', key, name),
  ])
  return {
    record: sealedRecord,
    entry,
    listing: {
      ...(sealedName !== undefined && { name: sealedName }),
      encodings: encodings.length,
      model,
      ...(other !== undefined && { otherModel: other.model }),
      createdAt,
      updatedAt,
      ...(expiresAt !== undefined && { expiresAt }),
    },
    ...(expiresAt !== undefined && { expiresAtMs: Date.parse(expiresAt) }),
  }
}

/** Throws `record_unreadable` when it does not open, or is not this person's record of this version. */
export async function openRecord(
  vault: Vault,
  key: string,
  sealed: string,
  expected: { readonly identity: string; readonly version: number },
): Promise<IdentityRecord> {
  const record = await openCopyOf(vault, key, sealed, expected.identity)
  if (record.version !== expected.version) throw unreadableRecord('version: not the current one')
  return record
}

/** The same of whichever version. */
export async function openCopyOf(
  vault: Vault,
  key: string,
  sealed: string,
  identity: string,
): Promise<IdentityRecord> {
  const text = await vault.open('record', key, sealed)
  if (text === null) throw unreadableRecord('it does not open with any of the TEMPLATE_KEYS')
  return parseRecord(text, identity)
}
