/** The photos of somebody who is being enrolled: from files, from the camera or dropped, and what became of each. */
import type { ImageOutcome } from '../../../../client/src/client.ts'
import { hasCamera, takePhoto } from '../camera.ts'
import { type ChosenPhoto, choosePhoto } from '../chosen-photo.ts'
import { takeDroppedFiles } from '../dropped-files.ts'
import { make } from '../elements.ts'

const maxPhotos = 10

export interface PhotoTray {
  readonly element: HTMLElement
  /** In the order shown. */
  photos(): readonly ChosenPhoto[]
  showOutcomes(outcomes: readonly ImageOutcome[]): void
  clear(): void
}

interface Shot {
  readonly photo: ChosenPhoto
  readonly item: HTMLLIElement
  readonly outcome: HTMLParagraphElement
}

export function createPhotoTray(onChange: () => void): PhotoTray {
  let shots: readonly Shot[] = []
  const list = make('ul', { class: 'shots', 'aria-label': 'Photos' })
  const input = make('input', { id: 'photos', type: 'file', accept: 'image/*', multiple: '' })
  const chooser = make('label', { for: 'photos', class: 'file' }, 'Choose photos')
  const camera = make('button', { type: 'button' }, 'Use the camera')
  const fault = make('p', { class: 'help', role: 'alert' })
  const hint = make(
    'p',
    { class: 'help' },
    'One to ten photos of the same person, or drop them here.',
  )
  const buttons = make('div', { class: 'buttons' }, chooser, ...(hasCamera ? [camera] : []))
  const drop = make('div', { class: 'drop' }, list, input, buttons, hint, fault)

  const set = (next: readonly Shot[]) => {
    shots = next
    list.replaceChildren(...shots.map(({ item }) => item))
    drop.classList.toggle('full', shots.length > 0)
    for (const { outcome, item } of shots) {
      outcome.textContent = ''
      item.className = ''
    }
    onChange()
  }
  const add = async (name: string, give: () => Promise<ChosenPhoto | null>) => {
    if (shots.length >= maxPhotos) {
      fault.textContent = `A person has at most ${maxPhotos} photos.`
      return
    }
    try {
      const photo = await give()
      if (photo !== null) set([...shots, makeShot(name, photo)])
    } catch (error) {
      fault.textContent = `${name}: ${error instanceof Error ? error.message : 'cannot be used'}`
    }
  }
  const makeShot = (name: string, photo: ChosenPhoto): Shot => {
    const outcome = make('p', {})
    const remove = make('button', { type: 'button', 'aria-label': `Remove ${name}` }, 'Remove')
    photo.picture.setAttribute('role', 'img')
    photo.picture.setAttribute('aria-label', name)
    const item = make('li', {}, photo.picture, make('p', {}, name), outcome, remove)
    const shot = { photo, item, outcome }
    remove.onclick = () => {
      set(shots.filter((other) => other !== shot))
      input.focus()
    }
    return shot
  }
  const addFiles = async (files: Iterable<File>) => {
    fault.textContent = ''
    for (const file of files) await add(file.name, () => choosePhoto(file))
  }

  input.onchange = () => {
    void addFiles([...(input.files ?? [])])
    // The same file may be chosen again.
    input.value = ''
  }
  camera.onclick = async () => {
    fault.textContent = ''
    await add(`Camera ${new Date().toLocaleTimeString()}`, () => takePhoto(choosePhoto))
    camera.focus()
  }
  takeDroppedFiles(drop, (files) => void addFiles(files))

  return {
    element: drop,
    photos: () => shots.map(({ photo }) => photo),
    showOutcomes(outcomes) {
      for (const [i, { item, outcome }] of shots.entries()) {
        const told = outcomes[i]
        if (told === undefined) continue
        const isGood = told.outcome === 'encoded'
        item.className = isGood ? 'good' : 'bad'
        outcome.textContent = isGood ? '✓ usable' : `✗ ${told.detail ?? told.outcome}`
      }
    },
    clear: () => set([]),
  }
}
