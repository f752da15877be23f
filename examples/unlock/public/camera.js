// @ts-check
/** The camera with its oval: starts, looks a few times a second what the picture lacks, says so, and gives a photo when asked. */

import { findHint } from './checks.js'
import { preparePhoto } from './facegate-client/dist/client.js'

const lookEveryMs = 300
/** As wide as it has to be to see how bright it is. */
const frameWidth = 120
/** As tall as what the page shows of the picture. */
const shownShape = 4 / 3

/** Browsers give the camera only to pages that came over TLS or from this machine. */
export const hasCamera = navigator.mediaDevices?.getUserMedia !== undefined

/**
 * @typedef {object} Camera
 * @property {() => Promise<void>} start Rejects with an Error whose message is for the person.
 * @property {() => void} stop
 * @property {() => Promise<Blob>} take What it sees now, ready to be sent.
 */

/** @param {HTMLVideoElement} video @param {(hint: string | null) => void} onHint null when nothing is lacking @returns {Camera} */
export function createCamera(video, onHint) {
  const canvas = new OffscreenCanvas(frameWidth, Math.round(frameWidth * shownShape))
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const findFaces = createFaceFinder()
  /** @type {MediaStream | null} */
  let stream = null
  let timer = 0

  async function look() {
    if (stream === null || context === null) return
    if (video.videoWidth > 0) {
      const { x, y, width, height } = shownPart(video)
      context.drawImage(video, x, y, width, height, 0, 0, canvas.width, canvas.height)
      const { data: rgba } = context.getImageData(0, 0, canvas.width, canvas.height)
      const found = await findFaces(canvas)
      if (stream === null) return
      onHint(findHint({ width: canvas.width, height: canvas.height, rgba, ...found }))
    }
    timer = window.setTimeout(look, lookEveryMs)
  }

  function stop() {
    clearTimeout(timer)
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = null
    video.srcObject = null
  }

  return {
    async start() {
      if (!hasCamera) throw new Error('The browser gives its camera only to pages over https.')
      try {
        const wish = { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 960 } }
        stream = await navigator.mediaDevices.getUserMedia({ video: wish })
        video.srcObject = stream
        await video.play()
      } catch (error) {
        // It may run although it cannot be shown.
        stop()
        throw new Error(explain(error))
      }
      void look()
    },
    stop,
    take: () => preparePhoto(video),
  }
}

/** The page shows the middle of the picture, cut to its own shape. @param {HTMLVideoElement} video */
function shownPart({ videoWidth, videoHeight }) {
  const width = Math.min(videoWidth, videoHeight / shownShape)
  const height = width * shownShape
  return { x: (videoWidth - width) / 2, y: (videoHeight - height) / 2, width, height }
}

/** Some browsers can find faces by themselves. @returns {(canvas: OffscreenCanvas) => Promise<{ faces: number | null, faceShare: number | null }>} */
function createFaceFinder() {
  const unknown = { faces: null, faceShare: null }
  const { FaceDetector } =
    /** @type {{ FaceDetector?: new (options: object) => { detect(image: OffscreenCanvas): Promise<{ boundingBox: DOMRect }[]> } }} */ (
      /** @type {unknown} */ (window)
    )
  if (FaceDetector === undefined) return async () => unknown
  const detector = new FaceDetector({ fastMode: true })
  return async (canvas) => {
    try {
      const found = await detector.detect(canvas)
      const widths = found.map(({ boundingBox }) => boundingBox.width)
      const faceShare = widths.length === 0 ? null : Math.max(...widths) / canvas.width
      return { faces: widths.length, faceShare }
    } catch {
      return unknown
    }
  }
}

/** @param {unknown} error */
function explain(error) {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError')
    return 'The camera was not allowed. Allow it in the settings of this page.'
  if (name === 'NotFoundError') return 'No camera was found.'
  return 'The camera could not be started.'
}
