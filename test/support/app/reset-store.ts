/**
 * Forgets everything that is stored. `reset` of cloudflare:test clears the objects that workerd holds in memory, and workerd
 * drops one that nobody has called for ten seconds: on a busy machine, between two tests. What such an object stores
 * would come back in a later test. So every object that was called since is woken first; KV, an object of its own, by a list.
 */
import { reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { partNames, undividedName } from '../../../src/identity/directory/directory-parts.ts'

/** How to wake each object that was called since the last reset, by its id. */
const called = new Map<string, () => Promise<void>>()
for (const binding of Object.values(env)) if (isNamespace(binding)) watch(binding)

function isNamespace(
  binding: unknown,
): binding is DurableObjectNamespace<Rpc.DurableObjectBranded> {
  return binding instanceof Object && binding.constructor.name === 'DurableObjectNamespace'
}

function watch<Objects extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<Objects>,
): void {
  const getByName = namespace.getByName.bind(namespace)
  const get = namespace.get.bind(namespace)
  const note = (id: DurableObjectId): void => {
    called.set(id.toString(), () => runInDurableObject(get(id), () => undefined))
  }
  // Assigned, not defined: other helpers put methods of their own in these places.
  namespace.getByName = (name) => {
    note(namespace.idFromName(name))
    return getByName(name)
  }
  namespace.get = (id) => {
    note(id)
    return get(id)
  }
}

export async function resetStore(): Promise<void> {
  await env.IDENTITIES.list({ limit: 1 })
  // Persons call them too, and they each other, which is not seen here.
  for (const name of [undividedName, ...partNames]) env.DIRECTORY.getByName(name)
  await Promise.all([...called.values()].map((wake) => wake()))
  await reset()
  called.clear()
}
