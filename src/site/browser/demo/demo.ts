/**
 * The script of the demo page: a form, one call of facegate-client (ask.ts), the answer (answer-panel.ts). The key is read from its field at
 * each call and kept nowhere else. An answer is shown as long as the question stands: whoever changes it sees none until they ask again.
 */
import { createClient, FacegateError } from '../../../../client/src/client.ts'
import { byId, make } from '../elements.ts'
import { setBusy, show, showNothing, showPictures } from './answer-panel.ts'
import { ask, type Mode, modes } from './ask.ts'
import { markAllFaces, type Picture } from './mark-all-faces.ts'
import { createPhotoSlot } from './photo-slot.ts'
import { loadSamples, type Sample, sampleButton } from './samples.ts'
import { rawAnswer, showFailure } from './show-answer.ts'

const form = byId('request', HTMLFormElement)
const key = byId('key', HTMLInputElement)
const showKey = byId('show-key', HTMLButtonElement)
const identity = byId('identity', HTMLInputElement)
const fmr = byId('fmr', HTMLSelectElement)
const submit = byId('submit', HTMLButtonElement)
const fault = byId('form-fault', HTMLParagraphElement)
const facegate = createClient({
  url: location.origin,
  // The page came from there already, with or without TLS.
  allowHttp: true,
  key: () => key.value.trim(),
})

const first = createPhotoSlot('Photo', forgetAnswer)
const second = createPhotoSlot('Other photo', forgetAnswer)
byId('photos', HTMLDivElement).append(first.element, second.element)

/** The question that is being asked; a change of the form gives it up. */
let asking: AbortController | null = null

function chosenMode(): Mode {
  return new FormData(form).get('mode') as Mode
}

function showMode(): void {
  const mode = chosenMode()
  byId('mode-help', HTMLParagraphElement).textContent = modes[mode].help
  submit.textContent = modes[mode].title
  for (const field of form.querySelectorAll<HTMLElement>('[data-for]')) {
    field.hidden = !field.dataset.for?.split(' ').includes(mode)
  }
  second.element.hidden = mode !== 'compare'
}

/** What is missing, told at its field; null when nothing is. */
function findMissing(mode: Mode): { message: string; field?: HTMLInputElement } | null {
  if (key.value.trim() === '') return { message: 'Enter a key.', field: key }
  if (mode === 'verify' && identity.value.trim() === '') {
    return { message: 'Enter an identity.', field: identity }
  }
  if (first.photo() === null) return { message: 'Choose a photo.' }
  if (mode === 'compare' && second.photo() === null) return { message: 'Choose the other photo.' }
  return null
}

function clearFault(): void {
  fault.textContent = ''
  for (const field of [key, identity]) field.removeAttribute('aria-invalid')
}

async function onSubmit(): Promise<void> {
  clearFault()
  const mode = chosenMode()
  const missing = findMissing(mode)
  const image = first.photo()
  if (missing !== null || image === null) {
    fault.textContent = missing?.message ?? 'Choose a photo.'
    missing?.field?.setAttribute('aria-invalid', 'true')
    missing?.field?.focus()
    return
  }
  const controller = new AbortController()
  asking = controller
  showBusy(mode)
  const start = performance.now()
  try {
    const question = {
      identity: identity.value.trim(),
      rate: fmr.value,
      image,
      other: second.photo(),
    }
    const outcome = await ask(facegate, mode, question, controller.signal)
    if (controller.signal.aborted) return
    show(outcome, outcome.pictures, rawAnswer(outcome.answer, performance.now() - start))
    endBusy()
    if (mode !== 'detect') await showOtherFaces(outcome.pictures, controller.signal)
  } catch (error) {
    if (controller.signal.aborted) return
    const photos = [image, ...(mode === 'compare' ? [second.photo()!] : [])]
    const drawn = photos.map((photo) => ({ photo, faces: [] }))
    show(showFailure(error), drawn)
    endBusy()
    const isAboutFaces = error instanceof FacegateError && error.code === 'multiple_faces'
    if (isAboutFaces) await showOtherFaces(drawn, controller.signal)
  }
}

function showBusy(mode: Mode): void {
  submit.disabled = true
  submit.classList.add('busy')
  submit.textContent = modes[mode].busy
  setBusy(true)
  showNothing(modes[mode].busy)
}

function endBusy(): void {
  submit.disabled = false
  submit.classList.remove('busy')
  submit.textContent = modes[chosenMode()].title
  setBusy(false)
}

function forgetAnswer(): void {
  asking?.abort()
  asking = null
  clearFault()
  endBusy()
  showNothing('Choose a photo and ask. The answer appears here.')
}

/** The service told of the face that counted; what else is in the photo it is asked for afterwards. */
async function showOtherFaces(drawn: readonly Picture[], signal: AbortSignal): Promise<void> {
  const marked = await markAllFaces(facegate, drawn, signal).catch(() => null)
  if (marked !== null && !signal.aborted) showPictures(marked)
}

async function showSamples(): Promise<void> {
  const samples = await loadSamples()
  if (samples.length === 0) return
  const names = [...new Set(samples.map(({ identity }) => identity))]
  byId('sample-photos', HTMLDivElement).append(
    ...samples.map((sample) => sampleButton(sample, () => pick(sample))),
  )
  byId('sample-names', HTMLDivElement).append(
    ...names.map((name) => {
      const chip = make('button', { type: 'button', 'aria-label': `Identity ${name}` }, name)
      chip.onclick = () => {
        identity.value = name
        forgetAnswer()
      }
      return chip
    }),
  )
  byId('samples', HTMLFieldSetElement).hidden = false
}

function pick(sample: Sample): void {
  const isSecond = chosenMode() === 'compare' && first.photo() !== null && second.photo() === null
  const slot = isSecond ? second : first
  if (identity.value.trim() === '') identity.value = sample.identity
  slot.use(sample.photo)
}

showKey.onclick = () => {
  const isShown = key.type === 'password'
  key.type = isShown ? 'text' : 'password'
  showKey.textContent = isShown ? 'Hide' : 'Show'
  showKey.setAttribute('aria-pressed', `${isShown}`)
}
form.oninput = () => {
  showMode()
  forgetAnswer()
}
form.onsubmit = (event) => {
  event.preventDefault()
  void onSubmit()
}
showMode()
forgetAnswer()
void showSamples()
