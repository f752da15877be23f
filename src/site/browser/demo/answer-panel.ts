/** The part of the demo page that the answer is shown in: verdict, photos with faces marked, facts. */
import { byId, make } from '../elements.ts'
import { drawFaces } from './draw-faces.ts'
import type { Picture } from './mark-all-faces.ts'
import type { Shown } from './show-answer.ts'

const answerPart = byId('answer', HTMLElement)
const verdict = byId('verdict', HTMLDivElement)
const pictures = byId('pictures', HTMLDivElement)
const facts = byId('facts', HTMLDivElement)

export function setBusy(isBusy: boolean): void {
  if (isBusy) answerPart.setAttribute('aria-busy', 'true')
  else answerPart.removeAttribute('aria-busy')
}

export function showNothing(text: string): void {
  verdict.replaceChildren(make('p', { class: 'help' }, text))
  pictures.replaceChildren()
  facts.replaceChildren()
}

export function show(
  shown: Shown,
  drawn: readonly Picture[],
  raw: HTMLElement | null = null,
): void {
  verdict.replaceChildren(shown.verdict)
  showPictures(drawn)
  facts.replaceChildren(...shown.facts, ...(raw ? [raw] : []))
  // On a narrow screen the answer is below everything that was filled in, on a wide one beside the top of it.
  const { top } = answerPart.getBoundingClientRect()
  if (top < 0 || top > innerHeight * 0.6) {
    answerPart.scrollIntoView({ block: 'start' })
  }
}

export function showPictures(drawn: readonly Picture[]): void {
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
