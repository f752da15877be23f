// @ts-check
/**
 * Guides a person through a pose of a session: it is said in words, aloud where the browser speaks, shown by an arrow over the picture, and
 * photographed after a moment. Left and right are the person's own; the picture is a mirror, so arrows point their way too.
 */

/** @typedef {'ahead' | 'left' | 'right' | 'up' | 'down' | 'nearer'} Pose */

/** @type {Readonly<Record<Pose, { words: string, arrow: string }>>} */
const poses = {
  ahead: { words: 'Look straight at the camera.', arrow: '' },
  left: { words: 'Turn your head to the left.', arrow: '←' },
  right: { words: 'Turn your head to the right.', arrow: '→' },
  up: { words: 'Look up a little.', arrow: '↑' },
  down: { words: 'Look down a little.', arrow: '↓' },
  nearer: { words: 'Look ahead, and bring the phone nearer.', arrow: '⤢' },
}

/** From the words to the photo: to read, to turn and to hold still. */
const timeMs = 3000

/**
 * @param {Pose} pose
 * @param {number} place in the sequence, from 0
 * @param {number | undefined} of how many there are, where that is told
 * @param {{ view: HTMLElement, arrow: HTMLElement, say: (text: string) => void, take: () => Promise<Blob> }} page
 * @returns {Promise<Blob>} the photo
 */
export async function takePose(pose, place, of, { view, arrow, say, take }) {
  const { words, arrow: sign } = poses[pose]
  try {
    view.dataset.pose = pose
    arrow.textContent = sign
    say(`${place + 1}${of === undefined ? '' : ` of ${of}`}: ${words}`)
    speak(words)
    await new Promise((done) => setTimeout(done, timeMs))
    return await take()
  } finally {
    delete view.dataset.pose
    arrow.textContent = ''
  }
}

/** @param {string} words */
function speak(words) {
  if (!('speechSynthesis' in window)) return
  speechSynthesis.cancel()
  const speech = new SpeechSynthesisUtterance(words)
  speech.lang = 'en'
  speechSynthesis.speak(speech)
}
