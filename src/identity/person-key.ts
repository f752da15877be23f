/**
 * The id of a person's Durable Object as text: 64 hexadecimal digits derived from the identity, which reveal it only to trial
 * and error. It is the person's key in KV, and their sealed texts are bound to it.
 */
import type { PersonObject } from './objects/person-object.ts'

export function personKey(persons: DurableObjectNamespace<PersonObject>, identity: string): string {
  return persons.idFromName(identity).toString()
}
