/** The example app in Chromium, asked for poses: its camera sees a head made from a photo of ada, which does what the page asks. */
import type { Browser } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../client/src/client.ts'
import { startUnlockApp, type UnlockApp } from '../../scripts/unlock/unlock-app.ts'
import { askedPoses } from '../../src/liveness/asked-poses.ts'
import { chromium, findViolations, phone, startBrowser } from '../support/browser.ts'
import { drawHead, drawPaper, type Source, sourceOf, standFor } from '../support/drawn-frames.ts'
import { freePort, type LocalSite, startLocalSite } from '../support/local-site.ts'
import { realModels } from '../support/node-models.ts'
import { fill, textOf, untilText, untilTrue } from '../support/page-hands.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import { sampleImage, samplePhoto } from '../support/sample-photos.ts'

/** In the page: a camera that shows the picture of the pose that the page asks for. */
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
    const draw = () => context.drawImage(bitmaps[document.querySelector('#view').dataset.pose ?? 'ahead'], 0, 0)
    draw()
    setInterval(draw, 50)
    return canvas.captureStream(20)
  }
`

describe.skipIf(!chromium)('the example app with poses', () => {
  let site: LocalSite
  let app: UnlockApp
  let url: string
  let browser: Browser
  let ada: Source
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
  })
  afterAll(async () => {
    await browser?.close()
    app?.stop()
    await site?.stop()
  })

  async function begin(draw: typeof drawHead) {
    const pictures: Record<string, string> = {}
    for (const pose of askedPoses) {
      pictures[pose] = Buffer.from(await makeJpeg(draw(ada, standFor[pose]))).toString('base64')
    }
    const page = await browser.newPage()
    await page.setViewport(phone)
    await page.evaluateOnNewDocument(`{ const pictures = ${JSON.stringify(pictures)}; ${camera} }`)
    await page.goto(url)
    await fill(page, '#name', 'ada')
    await page.click('#name-form [type="submit"]')
    await untilTrue(page, '!document.querySelector("#look").hidden')
    await untilText(page, '#hint', '.')
    await untilTrue(page, '!document.querySelector("#take").disabled')
    await page.click('#take')
    await untilText(page, '#hint', '1 of ')
    expect(await textOf(page, '#hint')).toContain('Look straight at the camera.')
    expect(await findViolations(page)).toEqual([])
    return page
  }

  it('opens for the head of ada, which turns as asked', async () => {
    const page = await begin(drawHead)
    await untilText(page, '#message', 'Welcome, ada.')
    await page.close()
  })

  it('does not open for a photo of ada that is tilted as asked, and says what to do', async () => {
    const page = await begin(drawPaper)
    await untilTrue(page, 'document.querySelector("#look-fault").textContent !== ""')
    expect(await textOf(page, '#look-fault')).toMatch(/^(Turn|Look|Bring|Hold|Only|Take) /)
    await page.close()
  })
})
