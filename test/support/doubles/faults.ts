/**
 * Faults for tests inside workerd. Worker and objects run in one isolate there and share one KV namespace and the classes of the
 * objects, so that a fault put in here meets both. All of them last until `healFaults`.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { DirectoryObject } from '../../../src/identity/directory/directory-object.ts'
import { PersonObject } from '../../../src/identity/objects/person-object.ts'

type Method = (...given: unknown[]) => unknown
type KvOperation = 'get' | 'put' | 'delete' | 'list'

/** What a method does in place of its work; `work` does that. */
type Behaviour = (work: () => unknown) => unknown

let healed: { done: boolean } = { done: true }
const undo: (() => void)[] = []
let calls = 0

export function healFaults(): void {
  healed.done = true
  for (const restore of undo.splice(0).reverse()) restore()
}

/** How often a method with a fault was called since the last fault was put in. */
export function callsOfFaults(): number {
  return calls
}

export const fails: Behaviour = async () => {
  throw new Error('injected: it is down')
}

/** Does its work only once the fault is healed. */
export const isSlow: Behaviour = async (work) => {
  const until = healed
  while (!until.done) await scheduler.wait(10)
  return await work()
}

/** Does its work, but nobody learns of it. */
export const losesItsAnswer: Behaviour = async (work) => {
  await work()
  throw new Error('injected: the connection is gone')
}

export function kv(operations: readonly KvOperation[], behaviour: Behaviour): void {
  for (const operation of operations) replace(env.IDENTITIES, operation, behaviour)
}

export function person(methods: readonly (keyof PersonObject)[], behaviour: Behaviour): void {
  for (const method of methods) replace(PersonObject.prototype, method, behaviour)
}

export function directory(methods: readonly (keyof DirectoryObject)[], behaviour: Behaviour): void {
  for (const method of methods) replace(DirectoryObject.prototype, method, behaviour)
}

/** Reads of KV show what another namespace shows. */
export function readsAs(other: KVNamespace): void {
  for (const operation of ['get', 'list'] as const) {
    const read = other[operation] as Method
    install(env.IDENTITIES, operation, (...given) => read(...given))
  }
}

/** Ends a person's object in the middle of what it is doing; what it has stored stays. */
export async function killObject(identity: string): Promise<void> {
  const killed = runInDurableObject(env.PERSON.getByName(identity), (_, state) =>
    state.abort('injected: killed'),
  )
  await killed.catch(() => undefined)
}

function replace(target: object, name: string, behaviour: Behaviour): void {
  const real: unknown = Reflect.get(target, name)
  if (typeof real !== 'function') throw new TypeError(`no method ${name}`)
  install(target, name, function (this: unknown, ...given) {
    calls++
    return behaviour(() => Reflect.apply(real, this, given))
  })
}

function install(target: object, name: string, value: Method): void {
  const before = Object.getOwnPropertyDescriptor(target, name)
  calls = 0
  if (healed.done) healed = { done: false }
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
  undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, before)
  })
}
