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
 * @param {readonly Pose[]} asked
 * @param {{ view: HTMLElement, arrow: HTMLElement, say: (text: string) => void, take: () => Promise<Blob> }} page
 * @returns {Promise<Blob[]>} a photo for each
 */
export async function takePoses(asked, { view, arrow, say, take }) {
  /** @type {Blob[]} */
  const photos = []
  try {
    for (const [i, pose] of asked.entries()) {
      const { words, arrow: sign } = poses[pose]
      view.dataset.pose = pose
      arrow.textContent = sign
      say(`${i + 1} of ${asked.length}: ${words}`)
      speak(words)
      await new Promise((done) => setTimeout(done, timeMs))
      photos.push(await take())
    }
  } finally {
    delete view.dataset.pose
    arrow.textContent = ''
  }
  return photos
}

/** @param {string} words */
function speak(words) {
  if (!('speechSynthesis' in window)) return
  speechSynthesis.cancel()
  const speech = new SpeechSynthesisUtterance(words)
  speech.lang = 'en'
  speechSynthesis.speak(speech)
}
