/** The example app in Chromium, with a camera that sees the sample people: its whole way, and what goes wrong on it. */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../client/src/client.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { facegatePath, startHttpsFront } from '../../scripts/unlock/https-front.ts'
import { startUnlockApp, type UnlockApp, unlockDir } from '../../scripts/unlock/unlock-app.ts'
import { buildDir } from '../../scripts/weights/networks.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import {
  chromium,
  findViolations,
  openPage,
  overhangOf,
  phone,
  type Screen,
  screens,
  startBrowser,
} from '../support/pages/browser.ts'
import { inFront, inTheDark, sideBySide, writeFilm } from '../support/pages/fake-camera.ts'
import { type LocalSite, startLocalSite } from '../support/pages/local-site.ts'
import { fill, propertyOf, textOf, untilText, untilTrue } from '../support/pages/page-hands.ts'
import { createNodeCodecs } from '../support/photos/node-codecs.ts'
import { probeFile, readPhoto, sampleImage, samplePhoto } from '../support/photos/sample-photos.ts'
import { freePort } from '../support/running/free-port.ts'

const screenshots = join(buildDir, 'screenshots')
const films = ['eve', 'fay', 'dora', 'dark', 'two'] as const
type Film = (typeof films)[number]

describe.skipIf(!chromium)('the example app', () => {
  let site: LocalSite
  let app: UnlockApp
  let url: string
  let folder: string
  const browsers = new Map<Film, Browser>()
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facegate-unlock-'))
    await mkdir(screenshots, { recursive: true })
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    site = await startLocalSite({ ALLOWED_ORIGINS: url })
    app = await startUnlockApp({
      ...{ port, isOpen: false, url: site.url, publicUrl: site.url, keys: site.keys },
    })
    const admin = createClient({ url: site.url, key: site.keys.ADMIN_KEY.split(',')[0]! })
    await admin.enroll('eve', { images: [await samplePhoto('eve')] })
    const eve = await decodePhoto(await readPhoto(probeFile), createNodeCodecs())
    const pictures = {
      eve: inFront(eve),
      fay: inFront(await sampleImage('ada')),
      dora: inFront(await sampleImage('dora')),
      dark: inTheDark(inFront(eve)),
      two: await sideBySide('eve', 'fay'),
    }
    for (const name of films) {
      const camera = await writeFilm(join(folder, `${name}.mjpeg`), pictures[name])
      browsers.set(name, await startBrowser({ camera }))
    }
  })
  afterAll(async () => {
    for (const browser of browsers.values()) await browser.close()
    app?.stop()
    await site?.stop()
    await rm(folder, { recursive: true })
  })

  it('has types that hold', () => {
    const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc')
    const { stdout } = spawnSync(tsc, ['--project', unlockDir], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  it('serves its own files, and takes no body without end', async () => {
    const status = async (path: string, init?: RequestInit) =>
      (await fetch(url + path, init)).status
    expect(await status('/app.js')).toBe(200)
    for (const path of ['/../server.js', '/%2e%2e/server.js', '/server.js', '/package.json']) {
      expect(await status(path)).toBe(404)
    }
    const body = new Uint8Array(9 * 2 ** 20)
    expect(await status('/api/enroll?name=x', { method: 'POST', body }).catch(() => 413)).toBe(413)
    expect(await status('/api/open', { method: 'POST' })).toBe(404)
  })

  const light: Screen = { ...phone, scheme: 'light' }
  const open = (film: Film, screen = light) => openPage(browsers.get(film)!, url, screen)
  const signIn = async (page: Page, name: string) => {
    await fill(page, '#name', name)
    await page.click('#name-form [type="submit"]')
    await untilTrue(page, '!document.querySelector("#look").hidden')
    await untilText(page, '#hint', '.')
    await untilTrue(page, '!document.querySelector("#take").disabled')
  }
  const checkLook = async (page: Page, name: string) => {
    expect(await findViolations(page)).toEqual([])
    expect(await overhangOf(page)).toBe(0)
    await page.screenshot({ path: join(screenshots, `${name}.jpg`), quality: 85 })
  }

  it.each(screens)('unlocks for who was enrolled: $scheme, $width px', async (screen) => {
    const look = `unlock-${screen.width}-${screen.scheme}`
    const page = await open('eve', screen)
    await checkLook(page, `${look}-1-name`)
    await signIn(page, 'eve')
    expect(await textOf(page, '#hint')).toBe('Hold still, and press the button.')
    await checkLook(page, `${look}-2-camera`)
    await page.click('#take')
    await untilText(page, '#message', 'Welcome, eve.')
    await checkLook(page, `${look}-3-unlocked`)
    // A session opens once.
    const again = 'fetch("/api/open", { method: "POST" }).then(({ status }) => status)'
    expect(await page.evaluate(again)).toBe(404)
    // The light of the camera is out.
    expect(await propertyOf(page, '#picture', 'srcObject')).toBe(null)
    await page.click('#lock')
    expect(await propertyOf(page, '#sign-in', 'hidden')).toBe(false)
    await page.close()
  })

  it('enrolls whoever is new, and unlocks for them then', async () => {
    const page = await open('dora')
    await fill(page, '#name', 'dora')
    await page.click('#enroll')
    await untilText(page, '#look-title', 'A photo to know you by')
    await untilTrue(page, '!document.querySelector("#take").disabled')
    await page.click('#take')
    await untilText(page, '#name-help', 'You are enrolled')
    await signIn(page, 'dora')
    await page.click('#take')
    await untilText(page, '#message', 'Welcome, dora.')
    await page.close()
  })

  it('takes a photo from a file where no camera runs', async () => {
    const page = await open('eve')
    await page.evaluate(
      'navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"))',
    )
    await fill(page, '#name', 'eve')
    await page.click('#name-form [type="submit"]')
    await untilText(page, '#look-fault', 'No camera was found.')
    expect(await propertyOf(page, '#take', 'hidden')).toBe(true)
    await checkLook(page, 'unlock-no-camera')
    const chooser = page.waitForFileChooser()
    await page.click('[for="file"]')
    await (await chooser).accept([probeFile])
    await untilText(page, '#message', 'Welcome, eve.')
    await page.close()
  })

  it('knows nobody who is not enrolled', async () => {
    const page = await open('eve')
    await page.click('#name-form [type="submit"]')
    expect(await textOf(page, '#name-fault')).toBe('Enter your name.')
    await fill(page, '#name', 'nobody')
    await page.click('#name-form [type="submit"]')
    await untilText(page, '#name-fault', 'Check the name that you entered')
    expect(await propertyOf(page, '#look', 'hidden')).toBe(true)
    await page.close()
  })

  it('refuses a stranger, three times, and then asks to start over', async () => {
    const page = await open('fay')
    await signIn(page, 'eve')
    for (const left of ['Try again.', 'Try again.', 'start over.']) {
      await page.click('#take')
      await untilTrue(page, '!document.querySelector("#take").disabled')
      await untilText(page, '#look-fault', `This does not look like eve.`)
      expect(await textOf(page, '#look-fault')).toContain(left)
    }
    await checkLook(page, 'unlock-stranger')
    await page.click('#take')
    await untilTrue(page, '!document.querySelector("#take").disabled')
    expect(await propertyOf(page, '#open', 'hidden')).toBe(true)
    const admin = createClient({ url: site.url, key: site.keys.ADMIN_KEY.split(',')[0]! })
    await admin.unlockIdentity('eve')
    await page.close()
  })

  it('says that it is too dark, before and after the photo', async () => {
    const page = await open('dark')
    await signIn(page, 'eve')
    await untilText(page, '#hint', 'Too dark')
    await page.click('#take')
    await untilTrue(page, 'document.querySelector("#look-fault").textContent !== ""')
    expect(await textOf(page, '#look-fault')).not.toContain('does not look like')
    await checkLook(page, 'unlock-dark')
    await page.close()
  })

  it('says that there are two people', async () => {
    const page = await open('two')
    await signIn(page, 'eve')
    await page.click('#take')
    await untilText(page, '#look-fault', 'Make sure that you are alone')
    await page.close()
  })

  it('tells when the network is slow, and unlocks all the same', async () => {
    const page = await open('eve')
    await signIn(page, 'eve')
    await page.emulateNetworkConditions({ download: 200_000, upload: 200_000, latency: 5000 })
    await page.click('#take')
    await untilText(page, '#hint', 'the connection is slow')
    await untilText(page, '#message', 'Welcome, eve.')
    await page.close()
  })

  it('says so when facegate is down, and when its own backend is', async () => {
    const page = await open('eve')
    await signIn(page, 'eve')
    await page.setOfflineMode(true)
    await page.click('#take')
    await untilText(page, '#look-fault', 'Check the connection')
    await checkLook(page, 'unlock-down')
    await page.click('#back')
    await page.click('#name-form [type="submit"]')
    await untilText(page, '#name-fault', 'The app cannot be reached')
    await page.setOfflineMode(false)
    await page.close()
  })

  it('is served over https to phones, with the Worker behind the same address', async () => {
    const [port, inside] = [await freePort(), await freePort()]
    const behind = await startUnlockApp({
      ...{ port: inside, isOpen: false, url: site.url, publicUrl: facegatePath, keys: site.keys },
    })
    const front = await startHttpsFront({
      ...{ port, addresses: ['127.0.0.1'], workerUrl: site.url },
      appUrl: `http://127.0.0.1:${inside}`,
    })
    const camera = join(folder, 'eve.mjpeg')
    const browser = await startBrowser({ camera, trustsAnybody: true })
    const page = await openPage(browser, `https://127.0.0.1:${port}/`, light)
    await signIn(page, 'eve')
    await page.click('#take')
    await untilText(page, '#message', 'Welcome, eve.')
    await browser.close()
    front.stop()
    behind.stop()
  })

  it('can be installed, and opens without a network', async () => {
    const page = await open('eve')
    const devtools = await page.createCDPSession()
    const { errors, url: manifest } = await devtools.send('Page.getAppManifest')
    expect(manifest).toBe(`${url}/unlock.webmanifest`)
    expect(errors).toEqual([])
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    await untilTrue(
      page,
      'navigator.serviceWorker.controller !== null || (location.reload(), false)',
    )
    app.stop()
    await page.reload()
    expect(await textOf(page, '#sign-in-title')).toBe('Unlock with your face')
    await page.close()
  })
})
