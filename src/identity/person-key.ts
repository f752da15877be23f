/**
 * The id of a person's Durable Object as text: 64 hexadecimal digits made from the identity, from which nobody can tell the
 * identity without trying. It is the person's key in KV, and what is sealed about them is bound to it.
 */
import type { PersonObject } from './person-object.ts'

export function personKey(persons: DurableObjectNamespace<PersonObject>, identity: string): string {
  return persons.idFromName(identity).toString()
}
