// @ts-check
/**
 * Sign in with a name, look into the camera, unlocked. The backend opens a session and hands over its token; the photo goes straight to
 * facegate with that token; then the backend asks facegate what came of it, and opens. Nothing that is decided here opens anything.
 */

import { createCamera, hasCamera } from './camera.js'
import { createSessionClient, FacegateError, preparePhoto } from './facegate-client/dist/client.js'
import { takePose } from './poses.js'

/** @template {HTMLElement} Kind @param {string} id @param {new () => Kind} kind @returns {Kind} */
function byId(id, kind) {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`)
  return found
}

const screens = ['sign-in', 'look', 'open'].map((id) => byId(id, HTMLElement))
const nameField = byId('name', HTMLInputElement)
const nameFault = byId('name-fault', HTMLElement)
const view = byId('view', HTMLElement)
const hint = byId('hint', HTMLElement)
const lookFault = byId('look-fault', HTMLElement)
const take = byId('take', HTMLButtonElement)
const file = byId('file', HTMLInputElement)

/** After this long a person wants to know that it still runs. */
const slowMs = 4000
/** One answer that is longer in coming is not worth waiting for: the next try is. */
const timeoutMs = 15_000

const camera = createCamera(byId('picture', HTMLVideoElement), (lacking) => {
  if (isBusy) return
  view.classList.toggle('ready', lacking === null)
  say(lacking ?? 'Hold still, and press the button.')
})
let isBusy = false
/** What the button does with a photo. @type {(photo: Blob) => Promise<void>} */
let use = async () => {}

/** @param {'sign-in' | 'look' | 'open'} id */
function show(id) {
  for (const screen of screens) screen.hidden = screen.id !== id
  byId(`${id}-title`, HTMLElement).focus()
}

/** Said aloud too, so only when it is something new. @param {string} text */
function say(text) {
  if (hint.textContent !== text) hint.textContent = text
}

/** @param {string} path @param {BodyInit} [body] @returns {Promise<Record<string, unknown>>} */
async function askBackend(path, body) {
  let answer
  try {
    answer = await fetch(path, { method: 'POST', body, signal: AbortSignal.timeout(timeoutMs) })
  } catch {
    throw new Error('The app cannot be reached. Check the connection and try again.')
  }
  const told = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(told.hint ?? 'Try again later.')
  return told
}

/** @param {string} title @param {string} button @param {(photo: Blob) => Promise<void>} withPhoto @param {boolean} [needsCamera] for poses, which no file shows */
async function look(title, button, withPhoto, needsCamera = false) {
  use = withPhoto
  byId('look-title', HTMLElement).textContent = title
  take.textContent = button
  lookFault.textContent = ''
  say('')
  takeFrom(hasCamera || needsCamera ? 'camera' : 'file')
  show('look')
  if (!hasCamera && !needsCamera) return
  take.disabled = true
  try {
    await camera.start()
    take.disabled = false
  } catch (error) {
    lookFault.textContent = messageOf(error)
    if (!needsCamera) takeFrom('file')
  }
}

/** A file is what is left where no camera runs: on a phone, choosing one opens its own camera. @param {'camera' | 'file'} source */
function takeFrom(source) {
  take.hidden = source === 'file'
  view.hidden = source === 'file'
  byId('from-file', HTMLElement).hidden = source === 'camera'
}

async function startUnlock() {
  const { token, tries, liveness, facegate } = await askBackend(
    '/api/session',
    nameField.value.trim(),
  )
  const session = createSessionClient({
    url: new URL(String(facegate), location.href).href,
    token: String(token),
    // Sent again when the network fails: the attempt counts once all the same.
    retry: { attempts: 3 },
    timeoutMs,
    allowHttp: true,
  })
  let left = Number(tries)
  const pose = async () => {
    const photos = await session.takePoses((pose, place, of) => takePose(pose, place, of, page))
    say('Sending …')
    return photos
  }
  const page = { view, arrow: byId('arrow', HTMLElement), say, take: camera.take }
  const isPosed = liveness === 'active'
  const unlock = async (/** @type {Blob} */ photo) => {
    const { decision, hint: why } = await session.verify(
      isPosed ? { images: await pose() } : { image: photo },
    )
    left--
    if (decision !== 'match') {
      const again = left > 0 ? 'Try again.' : 'Go back, and start over.'
      throw new Error(why ?? `This does not look like ${nameField.value.trim()}. ${again}`)
    }
    const { isOpen, message } = await askBackend('/api/open')
    if (isOpen !== true) throw new Error('It did not open. Go back, and start over.')
    camera.stop()
    byId('message', HTMLElement).textContent = String(message)
    show('open')
  }
  await look('Look into the camera', 'Unlock', unlock, isPosed)
}

async function startEnroll() {
  await look('A photo to know you by', 'Enroll me', async (photo) => {
    await askBackend(`/api/enroll?name=${encodeURIComponent(nameField.value.trim())}`, photo)
    camera.stop()
    nameFault.textContent = ''
    show('sign-in')
    byId('name-help', HTMLElement).textContent = 'You are enrolled: continue.'
  })
}

/** From the press of the button to what came of it. @param {() => Promise<Blob>} give */
async function send(give) {
  if (isBusy) return
  setBusy(true)
  lookFault.textContent = ''
  say('Sending …')
  const slow = setTimeout(() => say('Still sending: the connection is slow …'), slowMs)
  try {
    await use(await give())
  } catch (error) {
    lookFault.textContent = messageOf(error)
    say('')
  } finally {
    clearTimeout(slow)
    setBusy(false)
  }
}

/** @param {boolean} is */
function setBusy(is) {
  isBusy = is
  view.classList.toggle('busy', is)
  view.classList.remove('ready')
  take.disabled = is
}

/** What the person can do, in the service's own words. @param {unknown} error */
function messageOf(error) {
  if (error instanceof FacegateError) return error.hint
  return error instanceof Error ? error.message : 'Try again later.'
}

/** @param {() => Promise<void>} begin */
async function begin(begin) {
  nameFault.textContent = ''
  nameField.removeAttribute('aria-invalid')
  try {
    if (!/^[\w.-]{1,128}$/.test(nameField.value.trim())) throw new Error('Enter your name.')
    await begin()
  } catch (error) {
    nameFault.textContent = messageOf(error)
    nameField.setAttribute('aria-invalid', 'true')
    nameField.focus()
  }
}

byId('name-form', HTMLFormElement).onsubmit = (event) => {
  event.preventDefault()
  void begin(startUnlock)
}
byId('enroll', HTMLButtonElement).onclick = () => void begin(startEnroll)
take.onclick = () => void send(camera.take)
file.onchange = () => {
  const [chosen] = file.files ?? []
  file.value = ''
  if (chosen) void send(() => preparePhoto(chosen))
}
byId('back', HTMLButtonElement).onclick = () => {
  camera.stop()
  show('sign-in')
}
byId('lock', HTMLButtonElement).onclick = () => show('sign-in')
navigator.serviceWorker?.register('service-worker.js').catch(() => {})
