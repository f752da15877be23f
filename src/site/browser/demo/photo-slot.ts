/** One place for a photo: chosen as a file, dropped, or taken with the camera; shown as it will be sent. */
import { hasCamera, takePhoto } from '../camera.ts'
import { type ChosenPhoto, choosePhoto, contextOf } from '../chosen-photo.ts'
import { takeDroppedFiles } from '../dropped-files.ts'
import { make } from '../elements.ts'

export interface PhotoSlot {
  readonly element: HTMLElement
  /** Null while nothing is chosen. */
  photo(): ChosenPhoto | null
  use(photo: ChosenPhoto): void
}

let slots = 0

export function createPhotoSlot(title: string, onChange: () => void): PhotoSlot {
  let chosen: ChosenPhoto | null = null
  const id = `photo-${++slots}`
  const preview = make('div')
  const fault = make('p', { class: 'help', role: 'alert' })
  const input = make('input', {
    id,
    type: 'file',
    accept: 'image/*',
  })
  const chooser = make('label', { for: id, class: 'file' }, 'Choose a photo')
  const camera = make('button', { type: 'button' }, 'Use the camera')
  const buttons = make('div', { class: 'buttons' }, chooser, ...(hasCamera ? [camera] : []))
  const hint = make(
    'p',
    { class: 'help' },
    hasCamera ? 'or drop one here' : 'The camera needs https.',
  )
  const drop = make('div', { class: 'drop' }, preview, input, buttons, hint, fault)

  const use = (photo: ChosenPhoto) => {
    chosen = photo
    const { width, height } = photo.picture
    const shown = copyOf(photo.picture)
    shown.setAttribute('role', 'img')
    shown.setAttribute('aria-label', `${title}, ${width} by ${height} pixels`)
    preview.replaceChildren(shown)
    chooser.textContent = 'Choose another'
    drop.classList.add('full')
    hint.hidden = true
    fault.textContent = ''
    onChange()
  }
  const load = async (give: () => Promise<ChosenPhoto | null>) => {
    fault.textContent = ''
    try {
      const photo = await give()
      if (photo !== null) use(photo)
    } catch (error) {
      fault.textContent = error instanceof Error ? error.message : 'The photo cannot be used.'
    }
  }

  input.onchange = () => {
    const file = input.files?.[0]
    // The same file may be chosen again.
    if (file) void load(() => choosePhoto(file)).then(() => (input.value = ''))
  }
  camera.onclick = () => void load(() => takePhoto(choosePhoto)).then(() => camera.focus())
  takeDroppedFiles(drop, ([file]) => {
    if (file) void load(() => choosePhoto(file))
  })
  return {
    element: make('div', { class: 'photo' }, make('h2', {}, title), drop),
    photo: () => chosen,
    use,
  }
}

/** A sample may stand in two places, an element only in one. */
function copyOf(picture: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement('canvas')
  copy.width = picture.width
  copy.height = picture.height
  contextOf(copy).drawImage(picture, 0, 0)
  return copy
}
