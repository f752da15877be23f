/**
 * The script of the demo page: a form, one call of facegate-client, the answer. The key is read from its field at each call
 * and kept nowhere else. An answer is shown as long as the question stands: whoever changes it sees none until they ask again.
 */
import { createClient, FacegateError } from '../../../client/src/client.ts'
import type { ChosenPhoto } from './chosen-photo.ts'
import { drawFaces } from './draw-faces.ts'
import { byId, make } from './elements.ts'
import { markAllFaces, type Picture } from './mark-all-faces.ts'
import { createPhotoSlot } from './photo-slot.ts'
import { loadSamples, type Sample, sampleButton } from './samples.ts'
import {
  rawAnswer,
  type Shown,
  showComparison,
  showDetection,
  showFailure,
  showRecognition,
  showVerification,
} from './show-answer.ts'

type Mode = 'verify' | 'recognize' | 'compare' | 'detect'

interface ModeTexts {
  readonly title: string
  readonly busy: string
  readonly help: string
}

const modes: Readonly<Record<Mode, ModeTexts>> = {
  verify: { title: 'Verify', busy: 'Verifying …', help: 'Is this the person they say they are?' },
  recognize: {
    title: 'Recognize',
    busy: 'Recognizing …',
    help: 'Who of everybody enrolled is this?',
  },
  compare: { title: 'Compare', busy: 'Comparing …', help: 'Do two photos show the same person?' },
  detect: {
    title: 'Detect',
    busy: 'Looking for faces …',
    help: 'Every face in the photo, with its landmarks.',
  },
}

const form = byId('request', HTMLFormElement)
const key = byId('key', HTMLInputElement)
const showKey = byId('show-key', HTMLButtonElement)
const identity = byId('identity', HTMLInputElement)
const fmr = byId('fmr', HTMLSelectElement)
const submit = byId('submit', HTMLButtonElement)
const fault = byId('form-fault', HTMLParagraphElement)
const answerPart = byId('answer', HTMLElement)
const verdict = byId('verdict', HTMLDivElement)
const pictures = byId('pictures', HTMLDivElement)
const facts = byId('facts', HTMLDivElement)

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

interface Outcome extends Shown {
  readonly pictures: readonly Picture[]
  readonly answer: object
}

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

async function ask(
  mode: Mode,
  image: ChosenPhoto,
  other: ChosenPhoto | null,
  signal: AbortSignal,
): Promise<Outcome> {
  const rate = fmr.value === '' ? {} : { fmr: Number(fmr.value) }
  if (mode === 'verify') {
    const person = { identity: identity.value.trim() }
    // Whether the service asks for one, only the service knows.
    const { challenge } = await facegate.challenge(person, { signal })
    const question = { ...person, ...rate, challenge, image: image.file }
    const answer = await facegate.verify(question, { signal })
    return {
      ...showVerification(answer),
      pictures: [{ photo: image, faces: [answer.face] }],
      answer,
    }
  }
  if (mode === 'recognize') {
    const answer = await facegate.recognize({ image: image.file, ...rate }, { signal })
    return {
      ...showRecognition(answer),
      pictures: [{ photo: image, faces: [answer.face] }],
      answer,
    }
  }
  if (mode === 'compare' && other !== null) {
    const photos = { left: image.file, right: other.file }
    const answer = await facegate.compare({ ...photos, ...rate }, { signal })
    const sides: Picture[] = [
      { photo: image, faces: [answer.left.face] },
      { photo: other, faces: [answer.right.face] },
    ]
    return { ...showComparison(answer), pictures: sides, answer }
  }
  const answer = await facegate.detect({ image: image.file }, { signal })
  return { ...showDetection(answer), pictures: [{ photo: image, faces: answer.faces }], answer }
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
    const outcome = await ask(mode, image, second.photo(), controller.signal)
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
  answerPart.setAttribute('aria-busy', 'true')
  showNothing(modes[mode].busy)
}

function endBusy(): void {
  submit.disabled = false
  submit.classList.remove('busy')
  submit.textContent = modes[chosenMode()].title
  answerPart.removeAttribute('aria-busy')
}

function forgetAnswer(): void {
  asking?.abort()
  asking = null
  clearFault()
  endBusy()
  showNothing('Choose a photo and ask. The answer appears here.')
}

function showNothing(text: string): void {
  verdict.replaceChildren(make('p', { class: 'help' }, text))
  pictures.replaceChildren()
  facts.replaceChildren()
}

function show(shown: Shown, drawn: readonly Picture[], raw: HTMLElement | null = null): void {
  verdict.replaceChildren(shown.verdict)
  showPictures(drawn)
  facts.replaceChildren(...shown.facts, ...(raw ? [raw] : []))
  // On a narrow screen the answer is below everything that was filled in, on a wide one beside the top of it.
  const { top } = answerPart.getBoundingClientRect()
  if (top < 0 || top > innerHeight * 0.6) {
    answerPart.scrollIntoView({ block: 'start' })
  }
}

function showPictures(drawn: readonly Picture[]): void {
  pictures.replaceChildren(
    ...drawn.map(({ photo, faces }) => {
      const others = faces.filter(({ isOther }) => isOther).length
      const count = faces.length === 0 ? 'no face marked' : `${faces.length} marked`
      const caption = make('figcaption', {}, others === 0 ? '' : captionOf(faces.length, others))
      const picture = drawFaces(photo.picture, faces, `The photo, ${count}`)
      return make('figure', {}, picture, ...(others === 0 ? [] : [caption]))
    }),
  )
}

function captionOf(faces: number, others: number): string {
  return faces === others
    ? `${faces} faces, none of which clearly counts.`
    : `${faces} faces. The one in the bold frame counted.`
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
