/** The dialog with the camera: shows what it sees, gives one picture or nothing, and lets the camera go in either case. */
import { byId } from './elements.ts'

const dialog = byId('camera', HTMLDialogElement)
const video = byId('camera-picture', HTMLVideoElement)
const fault = byId('camera-fault', HTMLParagraphElement)
const take = byId('camera-take', HTMLButtonElement)
const turn = byId('camera-turn', HTMLButtonElement)
const close = byId('camera-close', HTMLButtonElement)

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
