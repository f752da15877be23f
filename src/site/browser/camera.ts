/** The dialog with the camera: shows what it sees, gives one picture or nothing, and lets the camera go in either case. */
import { make } from './elements.ts'

const video = make('video', { id: 'camera-picture', playsinline: '' })
// As an attribute it counts in parsed markup only.
video.muted = true
const fault = make('p', { id: 'camera-fault', class: 'help', role: 'alert' })
const take = make('button', { id: 'camera-take', type: 'button', class: 'primary' }, 'Take photo')
const turn = make('button', { id: 'camera-turn', type: 'button' }, 'Other camera')
const close = make('button', { id: 'camera-close', type: 'button' }, 'Cancel')
const dialog = make(
  'dialog',
  { id: 'camera', 'aria-labelledby': 'camera-title' },
  make('h2', { id: 'camera-title' }, 'Take a photo'),
  video,
  fault,
  make('div', { class: 'buttons' }, take, turn, close),
)
document.body.append(dialog)

type Facing = 'user' | 'environment'
let facing: Facing = 'user'

/** Browsers give the camera only to pages that came over TLS or from this machine. */
export const hasCamera = navigator.mediaDevices?.getUserMedia !== undefined

/** Null when the person cancels. `use` gets the live picture, which is gone when it returns. */
export async function takePhoto<Photo>(
  use: (picture: HTMLVideoElement) => Promise<Photo>,
): Promise<Photo | null> {
  dialog.showModal()
  await start()
  const wantsPhoto = await new Promise<boolean>((resolve) => {
    take.onclick = () => resolve(true)
    close.onclick = () => resolve(false)
    dialog.oncancel = () => resolve(false)
    turn.onclick = () => {
      facing = facing === 'user' ? 'environment' : 'user'
      void start()
    }
  })
  try {
    return wantsPhoto ? await use(video) : null
  } finally {
    stop()
    dialog.close()
  }
}

async function start(): Promise<void> {
  stop()
  fault.textContent = ''
  take.disabled = true
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 960 } },
    })
    if (!dialog.open) {
      release(stream)
      return
    }
    video.srcObject = stream
    // As in a mirror; what is sent is not mirrored.
    video.classList.toggle('mirrored', facing === 'user')
    await video.play()
    take.disabled = false
    take.focus()
  } catch (error) {
    fault.textContent = explain(error)
  }
}

function stop(): void {
  if (video.srcObject instanceof MediaStream) release(video.srcObject)
  video.srcObject = null
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

function explain(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError') return 'The camera was not allowed. Allow it in the address bar.'
  if (name === 'NotFoundError') return 'No camera was found.'
  return 'The camera could not be started.'
}
