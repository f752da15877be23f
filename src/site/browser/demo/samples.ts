/**
 * The sample people, to click. `npm start` serves their photos beside the Worker; anywhere else there are none, and so no buttons.
 */
import { type ChosenPhoto, choosePhoto, contextOf } from '../chosen-photo.ts'
import { make } from '../elements.ts'

export interface Sample {
  readonly identity: string
  /** As in "eve, another day". */
  readonly title: string
  readonly photo: ChosenPhoto
}

interface ListedSample {
  readonly identity: string
  readonly title: string
  readonly file: string
}

const folder = '/samples/'
/** In pixels of the screen, on one that has two for each. */
const thumbnailSide = 144

export async function loadSamples(): Promise<readonly Sample[]> {
  try {
    const answer = await fetch(`${folder}people.json`)
    if (!answer.ok) return []
    const listed = (await answer.json()) as readonly ListedSample[]
    return await Promise.all(
      listed.map(async ({ identity, title, file }) => {
        const photo = await choosePhoto(await (await fetch(folder + file)).blob())
        return { identity, title, photo }
      }),
    )
  } catch {
    return []
  }
}

/** A button with the face on it. */
export function sampleButton({ title, photo }: Sample, onPick: () => void): HTMLButtonElement {
  const face = make('canvas', {
    width: `${thumbnailSide}`,
    height: `${thumbnailSide}`,
    'aria-hidden': 'true',
  })
  contextOf(face).drawImage(photo.picture, 0, 0, thumbnailSide, thumbnailSide)
  const button = make('button', { type: 'button', class: 'sample' }, face, make('span', {}, title))
  button.setAttribute('aria-label', `Photo of ${title}`)
  button.onclick = onPick
  return button
}
