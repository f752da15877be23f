/**
 * The script of the demo page: a form, one call of facegate-client, the answer. The key is read from its field at each call
 * and kept nowhere else.
 */
import { createClient } from '../../../client/src/client.ts'
import type { ChosenPhoto } from './chosen-photo.ts'
import { type DrawnFace, drawFaces } from './draw-faces.ts'
import { byId, make } from './elements.ts'
import { createPhotoSlot } from './photo-slot.ts'
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

const modes: Readonly<Record<Mode, { readonly title: string; readonly help: string }>> = {
  verify: { title: 'Verify', help: 'Is this the person they say they are?' },
  recognize: { title: 'Recognize', help: 'Who of everybody enrolled is this?' },
  compare: { title: 'Compare', help: 'Do two photos show the same person?' },
  detect: { title: 'Detect', help: 'Every face in the photo, with its landmarks.' },
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

const first = createPhotoSlot('Photo', clearFault)
const second = createPhotoSlot('Other photo', clearFault)
byId('photos', HTMLDivElement).append(first.element, second.element)

interface Picture {
  readonly photo: ChosenPhoto
  readonly faces: readonly DrawnFace[]
}

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
  clearFault()
}

async function ask(mode: Mode, image: ChosenPhoto, other: ChosenPhoto | null): Promise<Outcome> {
  const rate = fmr.value === '' ? {} : { fmr: Number(fmr.value) }
  if (mode === 'verify') {
    const person = { identity: identity.value.trim() }
    // Whether the service asks for one, only the service knows.
    const { challenge } = await facegate.challenge(person)
    const answer = await facegate.verify({ ...person, ...rate, challenge, image: image.file })
    return {
      ...showVerification(answer),
      pictures: [{ photo: image, faces: [answer.face] }],
      answer,
    }
  }
  if (mode === 'recognize') {
    const answer = await facegate.recognize({ image: image.file, ...rate })
    return {
      ...showRecognition(answer),
      pictures: [{ photo: image, faces: [answer.face] }],
      answer,
    }
  }
  if (mode === 'compare' && other !== null) {
    const answer = await facegate.compare({ left: image.file, right: other.file, ...rate })
    const sides: Picture[] = [
      { photo: image, faces: [answer.left.face] },
      { photo: other, faces: [answer.right.face] },
    ]
    return { ...showComparison(answer), pictures: sides, answer }
  }
  const answer = await facegate.detect({ image: image.file })
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
  submit.disabled = true
  submit.classList.add('busy')
  const start = performance.now()
  try {
    const outcome = await ask(mode, image, second.photo())
    show(outcome, outcome.pictures, rawAnswer(outcome.answer, performance.now() - start))
  } catch (error) {
    show(showFailure(error), [{ photo: image, faces: [] }])
  } finally {
    submit.disabled = false
    submit.classList.remove('busy')
  }
}

function show(shown: Shown, drawn: readonly Picture[], raw?: HTMLElement): void {
  verdict.replaceChildren(shown.verdict)
  pictures.replaceChildren(
    ...drawn.map(({ photo, faces }) => {
      const found = faces.length === 0 ? 'no face marked' : `${faces.length} marked`
      return make('figure', {}, drawFaces(photo.picture, faces, `The photo, ${found}`))
    }),
  )
  facts.replaceChildren(...shown.facts, ...(raw ? [raw] : []))
  // On a narrow screen the answer is below everything that was filled in.
  if (answerPart.getBoundingClientRect().top > innerHeight * 0.6) {
    answerPart.scrollIntoView({ block: 'start' })
  }
}

showKey.onclick = () => {
  const isShown = key.type === 'password'
  key.type = isShown ? 'text' : 'password'
  showKey.textContent = isShown ? 'Hide' : 'Show'
  showKey.setAttribute('aria-pressed', `${isShown}`)
}
form.onchange = showMode
form.onsubmit = (event) => {
  event.preventDefault()
  void onSubmit()
}
showMode()
