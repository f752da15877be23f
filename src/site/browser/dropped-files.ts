/** Files that are dropped on a part of the page, which shows while they are over it that it takes them. */
export function takeDroppedFiles(place: HTMLElement, take: (files: readonly File[]) => void): void {
  place.ondragover = (event) => {
    event.preventDefault()
    place.classList.add('over')
  }
  place.ondragleave = () => place.classList.remove('over')
  place.ondrop = (event) => {
    event.preventDefault()
    place.classList.remove('over')
    take([...(event.dataTransfer?.files ?? [])])
  }
}
