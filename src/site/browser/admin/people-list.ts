/** Who is enrolled, a page at a time, found by the beginning of their identity, with what can be done about each. */
import type { FacegateClient, IdentityPage } from '../../../../client/src/client.ts'
import { byId, make } from '../elements.ts'
import { dayOf } from './dates.ts'

export type ListedPerson = IdentityPage['identities'][number]

export interface PeopleActions {
  edit(person: ListedPerson): void
  addPhotos(person: ListedPerson): void
  unlock(person: ListedPerson): void
  remove(person: ListedPerson): void
}

export interface PeopleList {
  /** Loads the first page again; throws what the service answers. */
  reload(): Promise<void>
  clear(): void
}

const pageSize = 50
/** So that typing a word asks once. */
const typingPauseMs = 250

const list = byId('people', HTMLUListElement)
const prefix = byId('prefix', HTMLInputElement)
const count = byId('count', HTMLParagraphElement)
const more = byId('more', HTMLButtonElement)

export function createPeopleList(
  client: () => FacegateClient | null,
  actions: PeopleActions,
  onFailure: (error: unknown) => void,
): PeopleList {
  let cursor: string | undefined
  /** The newest question: answers to older ones are not shown. */
  let asked = 0

  const load = async (after?: string): Promise<void> => {
    const facegate = client()
    if (facegate === null) return
    const turn = ++asked
    const begins = prefix.value.trim()
    const page = await facegate.listIdentities({
      limit: pageSize,
      ...(begins !== '' && { prefix: begins }),
      ...(after !== undefined && { cursor: after }),
    })
    if (turn !== asked) return
    if (after === undefined) list.replaceChildren()
    list.append(...page.identities.map((person) => toItem(person, actions)))
    cursor = page.cursor
    more.hidden = cursor === undefined
    count.textContent = describeCount(list.children.length, begins, cursor !== undefined)
  }

  let typing = 0
  prefix.oninput = () => {
    clearTimeout(typing)
    typing = setTimeout(() => void load().catch(onFailure), typingPauseMs)
  }
  more.onclick = () => void load(cursor).catch(onFailure)
  return {
    reload: () => load(),
    clear() {
      asked++
      list.replaceChildren()
      count.textContent = ''
      more.hidden = true
      prefix.value = ''
    },
  }
}

function describeCount(shown: number, begins: string, isMore: boolean): string {
  const whose = begins === '' ? '' : ` whose identity begins with ${begins}`
  if (shown === 0) return begins === '' ? 'Nobody is enrolled yet.' : `Nobody${whose}.`
  const people = shown === 1 ? '1 person' : `${shown} people`
  return `${isMore ? 'The first ' : ''}${people}${whose}.`
}

function toItem(person: ListedPerson, actions: PeopleActions): HTMLLIElement {
  const { identity, name, encodings, expiresAt } = person
  const facts = [
    encodings === 1 ? '1 photo' : `${encodings} photos`,
    ...(expiresAt === undefined ? [] : [`to be deleted on ${dayOf(expiresAt)}`]),
  ].join(' · ')
  // A name that is written from right to left must not turn what stands beside it.
  const named = name === undefined ? [] : [make('bdi', {}, name), ' · ']
  const action = (title: string, act: (person: ListedPerson) => void, kind = '') => {
    const label = `${title}: ${identity}`
    const button = make('button', { type: 'button', class: kind, 'aria-label': label }, title)
    button.onclick = () => act(person)
    return button
  }
  return make(
    'li',
    {},
    make('div', {}, make('h3', {}, identity), make('p', {}, ...named, facts)),
    make(
      'div',
      { class: 'actions' },
      action('Edit', actions.edit),
      action('Add photos', actions.addPhotos),
      action('Unlock', actions.unlock),
      action('Delete', actions.remove, 'danger'),
    ),
  )
}
