/** Made-up people as the directory and the store keep them, sealed: their log, and their records. */
import {
  type ChangeLog,
  type GalleryChange,
  openGalleryEntry,
} from '../../src/gallery/search/change-log.ts'
import { everywhere } from '../../src/identity/directory/log-position.ts'
import { serializeEntry } from '../../src/identity/gallery-entry.ts'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { openRecord, sealPerson } from '../../src/identity/sealed-person.ts'
import type { KnownPerson } from '../../src/identity/store.ts'
import { createVault } from '../../src/identity/vault.ts'
import type { SyntheticFaces } from './synthetic-faces.ts'

const pageRows = 1000
const at = '2026-11-24T00:00:00.000Z'
export const vault = await createVault([{ id: 'bench', bytes: new Uint8Array(32) }])

/** As long as a UUID. */
export const identityOf = (person: number): string =>
  `${person}`.padStart(36, '00000000-0000-4000-8000-000000000000')
const keyOf = (identity: string): string => `key of ${identity}`
function recordOf(faces: SyntheticFaces, model: string, person: number): IdentityRecord {
  const dates = { createdAt: at, updatedAt: at }
  const encodings = [faces.photo(person, 0)]
  return { identity: identityOf(person), version: 1, model, encodings, ...dates }
}

/** The entry of each person in the gallery. */
export async function sealEntries(
  faces: SyntheticFaces,
  model: string,
  people: number,
): Promise<string[]> {
  const entries: string[] = []
  for (let person = 0; person < people; person++) {
    const key = keyOf(identityOf(person))
    const entry = serializeEntry(recordOf(faces, model, person))
    entries.push(await vault.seal('gallery', key, entry))
  }
  return entries
}

/** The directory's log, of sealed entries that are opened at each reading as the real one does. */
export function createLog(entries: readonly string[]): Pick<ChangeLog, 'page' | 'count'> {
  async function open(person: number): Promise<GalleryChange> {
    const identity = identityOf(person)
    const entry = await openGalleryEntry(vault, keyOf(identity), entries[person]!)
    const sealed = { key: keyOf(identity), sealedEntry: entries[person]! }
    return { identity, version: 1, seq: person + 1, kind: 'enrolled', entry, ...sealed }
  }
  return {
    async page([afterSeq]) {
      const end = Math.min(afterSeq + pageRows, entries.length)
      const rows = Array.from({ length: end - afterSeq }, (_, i) => open(afterSeq + i))
      const changes = await Promise.all(rows)
      const isComplete = end === entries.length
      return { changes, position: everywhere(end), isComplete, last: everywhere(entries.length) }
    },
    count: async () => entries.length,
  }
}

/** Records sealed when they are first asked for, and opened at each reading. */
export function createRecords(faces: SyntheticFaces, model: string) {
  const sealed = new Map<string, string>()
  let read = 0
  async function open({ identity, version }: KnownPerson): Promise<IdentityRecord> {
    read++
    let text = sealed.get(identity)
    if (text === undefined) {
      const person = Number(identity.slice(24))
      text = (await sealPerson(vault, keyOf(identity), recordOf(faces, model, person))).record
      sealed.set(identity, text)
    }
    return await openRecord(vault, keyOf(identity), text, { identity, version })
  }
  const getMany = async (people: readonly KnownPerson[]) => ({
    records: await Promise.all(people.map(open)),
    unreadable: [],
  })
  return {
    get read() {
      return read
    },
    getMany,
    getCurrent: (identities: readonly string[]) =>
      getMany(identities.map((identity) => ({ identity, version: 1 }))),
  }
}
