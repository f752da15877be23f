/** Enrolling somebody: who, their photos, and what became of each photo. If one is refused, nothing is stored. */
import {
  type Enrollment,
  type FacegateClient,
  FacegateError,
} from '../../../../client/src/client.ts'
import { byId } from '../elements.ts'
import { momentOf } from './dates.ts'
import { createPhotoTray } from './photo-tray.ts'
import { banner, failureBanner } from './say.ts'

type Kind = 'new' | 'add' | 'replace'

const titles: Readonly<Record<Kind, string>> = {
  new: 'Enroll',
  add: 'Add photos',
  replace: 'Replace',
}

const form = byId('enroll', HTMLFormElement)
const identity = byId('identity', HTMLInputElement)
const kind = byId('kind', HTMLSelectElement)
const details = byId('details', HTMLDivElement)
const name = byId('name', HTMLInputElement)
const until = byId('until', HTMLInputElement)
const duplicate = byId('duplicate', HTMLInputElement)
const different = byId('different', HTMLInputElement)
const submit = byId('submit', HTMLButtonElement)
const fault = byId('enroll-fault', HTMLParagraphElement)
const outcome = byId('enrolled-now', HTMLDivElement)

const tray = createPhotoTray(forgetOutcome)
byId('tray', HTMLDivElement).append(tray.element)

/** @param client of whoever holds the key now; @param onEnrolled gets who was enrolled */
export function useEnrollForm(
  client: () => FacegateClient | null,
  onEnrolled: (identity: string) => void,
): void {
  form.onsubmit = async (event) => {
    event.preventDefault()
    const facegate = client()
    if (facegate === null || !isComplete()) return
    submit.disabled = true
    submit.classList.add('busy')
    try {
      const { identity: who, encodings, images } = await send(facegate)
      tray.clear()
      form.reset()
      showKind()
      const photos = `${images.length} ${images.length === 1 ? 'photo' : 'photos'} taken in`
      outcome.replaceChildren(banner('good', `✓ ${who}`, [`${photos}, ${encodings} in all.`]))
      onEnrolled(who)
    } catch (error) {
      outcome.replaceChildren(failureBanner(error))
      if (error instanceof FacegateError && error.images) tray.showOutcomes(error.images)
      if (error instanceof FacegateError && error.code === 'version_conflict') {
        fault.textContent = `${identity.value.trim()} is enrolled already. Choose above to add photos, or to replace them.`
        outcome.replaceChildren()
        kind.focus()
      }
      const wrong = error instanceof FacegateError ? faultOfIdentity(error) : null
      if (wrong !== null) {
        fault.textContent = `Identity: ${wrong}. The name may have letters of any kind.`
        outcome.replaceChildren()
        identity.setAttribute('aria-invalid', 'true')
        identity.focus()
      }
    } finally {
      submit.disabled = false
      submit.classList.remove('busy')
    }
  }
}

/** The service alone knows what an identity may look like; of its refusal people need no more than that. */
function faultOfIdentity({ code, detail }: FacegateError): string | null {
  const field = 'field "id": '
  return code === 'invalid_request' && detail.startsWith(field) ? detail.slice(field.length) : null
}

/** Fills the form in for more photos of somebody. */
export function startAdding(who: string): void {
  form.reset()
  tray.clear()
  identity.value = who
  kind.value = 'add'
  showKind()
  forgetOutcome()
  byId('enrollment', HTMLElement).scrollIntoView({ block: 'start' })
  byId('photos', HTMLInputElement).focus()
}

export function clearEnrollForm(): void {
  form.reset()
  tray.clear()
  showKind()
  forgetOutcome()
}

function send(facegate: FacegateClient): Promise<Enrollment> {
  const who = identity.value.trim()
  const images = tray.photos().map(({ file }) => file)
  const allowed = {
    ...(duplicate.checked && { allowDuplicate: true }),
    ...(different.checked && { allowDifferent: true }),
  }
  if (kind.value === 'add') return facegate.addImages(who, { images, ...allowed })
  const expiresAt = momentOf(until.value)
  const about = {
    ...(name.value.trim() !== '' && { name: name.value.trim() }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
  // Nobody is replaced by mistake.
  const options = kind.value === 'new' ? ({ ifNoneMatch: '*' } as const) : {}
  return facegate.enroll(who, { images, ...about, ...allowed }, options)
}

/** What is missing is reported at its field. */
function isComplete(): boolean {
  forgetOutcome()
  if (identity.value.trim() === '') {
    fault.textContent = 'Enter an identity.'
    identity.setAttribute('aria-invalid', 'true')
    identity.focus()
    return false
  }
  if (tray.photos().length === 0) {
    fault.textContent = 'Choose at least one photo.'
    return false
  }
  return true
}

function forgetOutcome(): void {
  fault.textContent = ''
  outcome.replaceChildren()
  identity.removeAttribute('aria-invalid')
}

function showKind(): void {
  details.hidden = kind.value === 'add'
  submit.textContent = titles[kind.value as Kind]
}

form.oninput = () => {
  showKind()
  forgetOutcome()
}
showKind()
