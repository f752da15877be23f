/** What is stored of people, for tests that look at it or damage it. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { GuardState } from '../../../src/guard/admission.ts'
import { createPseudonym } from '../../../src/guard/caller/pseudonym.ts'
import { partNames, partOf } from '../../../src/identity/directory/directory-parts.ts'
import { entryPrefix, recordPrefix } from '../../../src/identity/objects/kv-copy.ts'
import type { PersonState } from '../../../src/identity/objects/person-state.ts'
import { personKey } from '../../../src/identity/person-key.ts'
import { bytesFromBase64 } from '../../../src/lib/base64.ts'

export function keyOf(identity: string): string {
  return personKey(env.PERSON, identity)
}

/** What the log calls them. */
export const subjectOf = (identity: string): string => {
  const [, base64 = ''] = String(Reflect.get(env, 'TEMPLATE_KEYS')).split(':')
  return createPseudonym(bytesFromBase64(base64)!)('person', identity)
}

/** What the person's object holds; undefined when it never held anything. */
export async function stateOf(identity: string): Promise<PersonState | undefined> {
  return await runInDurableObject(env.PERSON.getByName(identity), (_, { storage }) =>
    storage.kv.get<PersonState>('person'),
  )
}

/** Attempts and challenges of the person; undefined when there are none. */
export async function guardOf(identity: string): Promise<GuardState | undefined> {
  return await runInDurableObject(env.PERSON.getByName(identity), (_, { storage }) =>
    storage.kv.get<GuardState>('guard'),
  )
}

export async function isStored(identity: string): Promise<boolean> {
  return ((await stateOf(identity))?.person ?? null) !== null
}

/** Puts another sealed text in the place of an enrolled person's record, in their object and in KV. */
export async function replaceRecord(identity: string, record: string): Promise<void> {
  await runInDurableObject(env.PERSON.getByName(identity), (_, { storage }) => {
    const state = storage.kv.get<PersonState>('person')!
    storage.kv.put('person', { ...state, person: { ...state.person!, record } })
  })
  await env.IDENTITIES.put(recordPrefix + keyOf(identity), record)
}

/** Makes the record of an enrolled person unreadable. */
export function damageRecord(identity: string): Promise<void> {
  return replaceRecord(identity, 'damaged')
}

/** Makes the gallery entry of an enrolled person unreadable, in the directory and in KV. */
export async function damageEntry(identity: string): Promise<void> {
  const part = env.DIRECTORY.getByName(partNames[partOf(identity)])
  await runInDurableObject(part, (_, { storage }) => {
    storage.sql.exec('UPDATE people SET entry = ? WHERE identity = ?', 'damaged', identity)
  })
  await env.IDENTITIES.put(entryKey(identity), '', { metadata: { entry: 'damaged' } })
}

export async function keysInKv(): Promise<string[]> {
  return (await env.IDENTITIES.list()).keys.map(({ name }) => name)
}

export const recordKey = (identity: string): string => recordPrefix + keyOf(identity)
export const entryKey = (identity: string): string => entryPrefix + keyOf(identity)
