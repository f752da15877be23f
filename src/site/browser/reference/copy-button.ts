/** A button at every example that copies its text, and says so to eyes and ears. */
import { make } from '../elements.ts'

const shownMs = 2000

export function addCopyButtons(): void {
  const status = make('p', { role: 'status', class: 'unseen' })
  document.body.append(status)
  for (const block of document.querySelectorAll<HTMLElement>('.code')) {
    block.append(copyButton(block, status))
  }
}

function copyButton(block: HTMLElement, status: HTMLElement): HTMLButtonElement {
  const name = `Copy the example${whereIs(block)}`
  const button = make('button', { type: 'button', class: 'copy', 'aria-label': name }, 'Copy')
  let timer = 0
  button.addEventListener('click', async () => {
    const said = (await copyText(block)) ? 'Copied' : 'Selected'
    clearTimeout(timer)
    button.textContent = said
    button.setAttribute('aria-label', said)
    status.textContent = said
    timer = setTimeout(() => {
      button.textContent = 'Copy'
      button.setAttribute('aria-label', name)
      status.textContent = ''
    }, shownMs)
  })
  return button
}

/** Many buttons are called alike for the eye; who hears them gets the endpoint or code too. */
function whereIs(block: HTMLElement): string {
  const heading = block.closest('article')?.querySelector('h3 code')?.textContent
  return heading ? ` of ${heading}` : ''
}

/** False when the browser lets no page copy, as over plain HTTP: then the text is selected, for the keyboard to copy. */
async function copyText(block: HTMLElement): Promise<boolean> {
  const code = block.querySelector('pre')
  if (!code) return false
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(code)
    return false
  }
}
