/**
 * A search over endpoints, error codes and schemas: looks through what the page itself says of each, so that it knows nothing
 * else. Arrow keys move through what was found, Enter goes there, Escape closes, and a slash begins.
 */
import { make } from '../elements.ts'

/** More than these nobody reads; whoever types on sees the others. */
const maxShown = 12

interface Place {
  readonly id: string
  readonly name: string
  readonly about: string
  /** Of an endpoint whose key it takes, of a code its status. */
  readonly aside: string
  /** GET, POST and so on, as the page shows it; null for what is no endpoint. */
  readonly method: Element | null
}

export function addSearch(): void {
  const page = document.querySelector('.page')
  if (!page) return
  const places = [...document.querySelectorAll('main article[id]')].map(readPlace)
  const label = 'Search endpoints and codes'
  const field = make('input', {
    id: 'search',
    type: 'search',
    placeholder: label,
    'aria-label': label,
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const count = make('p', { role: 'status', class: 'types' })
  const list = make('ul')
  const results = make('div', { class: 'results' }, count, list)
  const search = make('div', { role: 'search', class: 'search' }, field, results)
  results.hidden = true
  page.prepend(search)

  const show = (): void => {
    const found = findPlaces(places, field.value)
    results.hidden = field.value.trim() === ''
    const isMore = found.length > maxShown
    count.textContent = isMore
      ? `${found.length} found, the first ${maxShown}:`
      : `${found.length} found`
    list.replaceChildren(...found.slice(0, maxShown).map(toItem))
  }
  const close = (): void => {
    results.hidden = true
  }

  field.addEventListener('input', show)
  field.addEventListener('focus', show)
  list.addEventListener('click', close)
  search.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && search.contains(relatedTarget))) close()
  })
  // A click on what cannot take the focus leaves the focus where it is.
  results.addEventListener('mousedown', (event) => {
    if (!(event.target instanceof Element && event.target.closest('a'))) event.preventDefault()
  })
  search.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')]
    if (event.key === 'Escape') {
      field.value = ''
      field.focus()
      close()
    } else if (event.key === 'Enter' && event.target === field) {
      links[0]?.click()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const stops = [field, ...links]
      const at = stops.findIndex((stop) => stop.matches(':focus'))
      const step = event.key === 'ArrowDown' ? 1 : -1
      stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus()
    } else return
    event.preventDefault()
  })
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea')
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    field.focus()
  })
}

function readPlace(article: Element): Place {
  return {
    id: article.id,
    name: article.querySelector('h3 code')?.textContent ?? article.id,
    about: article.querySelector('p')?.textContent ?? '',
    aside: article.querySelector('h3 .role')?.textContent ?? '',
    method: article.querySelector('h3 .method'),
  }
}

/** Those in which every word stands: what is called so first, then what begins so, then what only mentions it. */
function findPlaces(places: readonly Place[], query: string): Place[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return places
    .map((place) => ({ place, rank: rankOf(place, words) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank! - b.rank!)
    .map(({ place }) => place)
}

function rankOf(
  { id, name, about, aside, method }: Place,
  words: readonly string[],
): number | null {
  const names = [id, name, name.replace(/^\//, '')].map((text) => text.toLowerCase())
  const all = [...names, method?.textContent, aside, about].join(' ').toLowerCase()
  if (!words.every((word) => all.includes(word))) return null
  const query = words.join(' ')
  if (names.includes(query)) return 0
  if (names.some((text) => text.startsWith(query))) return 1
  return names.some((text) => text.includes(query)) ? 2 : 3
}

function toItem({ id, name, about, method }: Place): HTMLLIElement {
  const badge = method ? [method.cloneNode(true), ' '] : []
  const title = make('span', {}, ...badge, make('code', {}, name))
  return make(
    'li',
    {},
    make('a', { href: `#${id}` }, title, make('span', { class: 'about' }, about)),
  )
}
