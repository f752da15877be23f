/** The example app in Chromium, asked for poses: its camera sees a head made from a photo of ada, which does what the page asks. */
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../client/src/client.ts'
import { startUnlockApp, type UnlockApp } from '../../scripts/unlock/unlock-app.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { type AskedPose, askedPoses } from '../../src/liveness/asked-poses.ts'
import {
  drawHead,
  drawPaper,
  type Source,
  sourceOf,
  standFor,
} from '../support/faces/drawn-frames.ts'
import { realModels } from '../support/networks/node-models.ts'
import { chromium, findViolations, phone, startBrowser } from '../support/pages/browser.ts'
import { type LocalSite, startLocalSite } from '../support/pages/local-site.ts'
import { evaluate, fill, textOf, untilText, untilTrue } from '../support/pages/page-hands.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import { drawImage, pixelAt, sampleImage, samplePhoto } from '../support/photos/sample-photos.ts'
import { freePort } from '../support/running/free-port.ts'

/** In the page: a camera that shows the picture of the pose that the page asks for, and notes of what it shows and says meanwhile. */
const camera = `
  const bitmaps = {}
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 480
  navigator.mediaDevices.getUserMedia = async () => {
    for (const [pose, text] of Object.entries(pictures)) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
      bitmaps[pose] = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }))
    }
    const context = canvas.getContext('2d')
    const view = document.querySelector('#view')
    const draw = () => context.drawImage(bitmaps[view.dataset.pose ?? 'ahead'], 0, 0)
    draw()
    setInterval(draw, 50)
    return canvas.captureStream(20)
  }
  window.guided = []
  speechSynthesis.speak = ({ text, lang }) => {
    const arrow = document.querySelector('#arrow')
    const { left, top, width, height } = arrow.getBoundingClientRect()
    const range = document.createRange()
    range.selectNodeContents(arrow)
    const sign = range.getBoundingClientRect()
    guided.push({
      pose: document.querySelector('#view').dataset.pose,
      said: text,
      lang,
      hint: document.querySelector('#hint').textContent,
      arrow: arrow.textContent,
      across: Math.round((2 * (sign.left + sign.width / 2 - left)) / width - 1),
      down: Math.round((2 * (sign.top + sign.height / 2 - top)) / height - 1),
      moving: document.getAnimations().length,
    })
  }
`

interface Guided {
  readonly pose: AskedPose
  readonly said: string
  readonly lang: string
  readonly hint: string
  readonly arrow: string
  /** -1 at the left or top, 1 at the right or bottom. */
  readonly across: number
  readonly down: number
  /** Animations that run. */
  readonly moving: number
}

/** What a person is told and shown, as they see themselves: in a mirror. */
const guide: Readonly<Record<AskedPose, Pick<Guided, 'said' | 'arrow'>>> = {
  ahead: { said: 'Look straight at the camera.', arrow: '' },
  left: { said: 'Turn your head to the left.', arrow: '←' },
  right: { said: 'Turn your head to the right.', arrow: '→' },
  up: { said: 'Look up a little.', arrow: '↑' },
  down: { said: 'Look down a little.', arrow: '↓' },
  nearer: { said: 'Look ahead, and bring the phone nearer.', arrow: '⤢' },
}
const places: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ...{ left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1], nearer: [0, 0] },
}

const opposite: Readonly<Record<AskedPose, AskedPose>> = {
  ...{ ahead: 'ahead', left: 'right', right: 'left', up: 'down', down: 'up', nearer: 'ahead' },
}

describe.skipIf(!chromium)('the example app with poses', () => {
  let site: LocalSite
  let app: UnlockApp
  let url: string
  let browser: Browser
  let ada: Source
  /** Gives so long for a pose that all of them take longer than their session allows, while the others are at work. */
  let late: Page
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    site = await startLocalSite({ ALLOWED_ORIGINS: url, LIVENESS: 'active' })
    app = await startUnlockApp({
      ...{ port, isOpen: false, url: site.url, publicUrl: site.url, keys: site.keys },
    })
    const admin = createClient({ url: site.url, key: site.keys.ADMIN_KEY.split(',')[0]! })
    await admin.enroll('ada', { images: [await samplePhoto('ada')] })
    ada = sourceOf(await realModels(), await sampleImage('ada'))
    browser = await startBrowser()
    late = await begin(head, { slower: 4.1 })
  })
  afterAll(async () => {
    await browser?.close()
    app?.stop()
    await site?.stop()
  })

  interface Begun {
    readonly hasReducedMotion?: boolean
    /** How much longer the page gives for a pose. */
    readonly slower?: number
  }

  /** @param shown what the camera sees where the page asks for a pose */
  async function begin(
    shown: (pose: AskedPose) => RgbImage,
    { hasReducedMotion = false, slower = 1 }: Begun = {},
  ) {
    const pictures: Record<string, string> = {}
    for (const pose of askedPoses) {
      pictures[pose] = Buffer.from(await makeJpeg(shown(pose))).toString('base64')
    }
    const page = await browser.newPage()
    await page.setViewport(phone)
    const motion = hasReducedMotion ? 'reduce' : 'no-preference'
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: motion }])
    const clock = `
      const soon = window.setTimeout.bind(window)
      window.setTimeout = (done, ms, ...rest) => soon(done, ms === 3000 ? ms * ${slower} : ms, ...rest)
    `
    await page.evaluateOnNewDocument(
      `{ const pictures = ${JSON.stringify(pictures)}; ${clock} ${camera} }`,
    )
    await page.goto(url)
    await fill(page, '#name', 'ada')
    await page.click('#name-form [type="submit"]')
    await untilTrue(page, '!document.querySelector("#look").hidden')
    await untilTrue(page, '!document.querySelector("#take").disabled')
    await page.click('#take')
    await untilText(page, '#hint', '1 of ')
    expect(await textOf(page, '#hint')).toContain('Look straight at the camera.')
    expect(await findViolations(page)).toEqual([])
    return page
  }

  const head = (pose: AskedPose): RgbImage => drawHead(ada, standFor[pose])

  /** What the page says once the photos were judged; it is ready for another try. */
  async function faultIn(page: Page, patienceMs?: number): Promise<string> {
    const hasFault = 'document.querySelector("#look-fault").textContent !== ""'
    await untilTrue(page, hasFault, patienceMs)
    await untilTrue(page, '!document.querySelector("#take").disabled')
    expect(await findViolations(page)).toEqual([])
    return await textOf(page, '#look-fault')
  }

  async function expectGuided(page: Page, moving: number): Promise<void> {
    const guided = await evaluate<Guided[]>(page, 'guided')
    expect(guided.length).toBeGreaterThanOrEqual(3)
    for (const [i, step] of guided.entries()) {
      const { said, arrow } = guide[step.pose]
      const hint = `${i + 1} of ${guided.length}: ${said}`
      expect(step).toMatchObject({ said, arrow, hint, lang: 'en', moving })
      if (arrow !== '') expect([step.across, step.down]).toEqual(places[step.pose])
    }
    expect(guided[0]!.pose).toBe('ahead')
  }

  it('guides ada by words, aloud, with arrows and an oval, and opens for her head that turns as asked', async () => {
    const page = await begin(head)
    const oval = `document.querySelector('#line').getBoundingClientRect()`
    const { width, height } = await evaluate<{ width: number; height: number }>(
      page,
      `${oval}.toJSON()`,
    )
    expect(height).toBeGreaterThan(width)
    expect(width).toBeGreaterThan(phone.width / 3)
    await untilText(page, '#message', 'Welcome, ada.')
    await expectGuided(page, 1)
    await page.close()
  })

  it.concurrent('stands still for who wants no motion, says and shows the same, and knows photos that were sent before', async () => {
    const page = await begin(head, { hasReducedMotion: true })
    expect(await faultIn(page)).toBe('Take new photos in the app.')
    await expectGuided(page, 0)
    await page.close()
  })

  it.concurrent('does not open for a photo of ada that is tilted as asked, and says what to do', async () => {
    const page = await begin((pose) => drawPaper(ada, standFor[pose]))
    expect(await faultIn(page)).toMatch(/^(Turn|Look|Bring|Hold|Only|Take) /)
    await page.close()
  })

  it.concurrent('says where to turn to who turns the wrong way', async () => {
    const page = await begin((pose) => head(opposite[pose]))
    expect(await faultIn(page)).toMatch(
      /^(Turn a little more to the (left|right)|Look (up|down) a little more|Bring the phone a little nearer)\.$/,
    )
    await page.close()
  })

  it.concurrent('says that there is no face', async () => {
    const wall = drawImage(640, 480, () => [120, 120, 120])
    const page = await begin((pose) => (pose === 'ahead' ? head(pose) : wall))
    expect(await faultIn(page)).toBe(
      'Look into the camera, in good light and without shadows on your face, with all of it in the picture.',
    )
    await page.close()
  })

  it.concurrent('says that there are two faces', async () => {
    const page = await begin(beside)
    expect(await faultIn(page)).toBe('Make sure that you are alone in the picture.')
    await page.close()
  })

  it.concurrent('says that the time is over', async () => {
    expect(await faultIn(late, 90_000)).toBe('Begin again: the time was too short.')
    await late.close()
  })

  /** The same head twice, side by side. */
  function beside(pose: AskedPose): RgbImage {
    const image = head(pose)
    return drawImage(640, 480, (x, y) => pixelAt(image, 160 + (x % 320), y))
  }
})
