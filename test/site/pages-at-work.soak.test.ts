/** The pages / and /admin in Chromium, against a Worker as `npm start` serves it: what a person does there, and what they see. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type FacegateClient } from '../../client/src/client.ts'
import { changePixels } from '../../lab/condition/draw/change-pixels.ts'
import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { buildDir } from '../../scripts/weights/networks.ts'
import {
  chromium,
  findViolations,
  openPage,
  overhangOf,
  screens,
  startBrowser,
} from '../support/pages/browser.ts'
import { inFront, writeFilm } from '../support/pages/fake-camera.ts'
import { type LocalSite, startLocalSite } from '../support/pages/local-site.ts'
import {
  evaluate,
  fill,
  propertyOf,
  textOf,
  textsOf,
  untilText as until,
  untilTrue,
  chooseFiles as upload,
} from '../support/pages/page-hands.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import {
  placeImages,
  profileFile,
  sampleFile,
  sampleImage,
} from '../support/photos/sample-photos.ts'

/** Looked at by whoever changes the pages; those in docs/ are copies. */
const screenshots = join(buildDir, 'screenshots')

describe.skipIf(!chromium)('in a browser', () => {
  let browser: Browser
  let site: LocalSite
  let admin: FacegateClient
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facegate-pages-'))
    await mkdir(screenshots, { recursive: true })
    site = await startLocalSite()
    admin = createClient({ url: site.url, key: site.keys.ADMIN_KEY.split(',')[0]! })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await site.stop()
    await rm(folder, { recursive: true })
  })

  const checkLook = async (page: Page, name: string) => {
    expect(await findViolations(page)).toEqual([])
    expect(await overhangOf(page)).toBe(0)
    await page.screenshot({ path: join(screenshots, `${name}.jpg`), quality: 85 })
  }

  describe('/admin', () => {
    let page: Page
    beforeAll(async () => {
      page = await openPage(browser, `${site.url}/admin`, screens[1]!)
      const downloads = await page.createCDPSession()
      await downloads.send('Page.setDownloadBehavior', {
        behavior: 'allow',
        downloadPath: folder,
      })
    })

    const enroll = async (identity: string, name: string, ...photos: string[]) => {
      await fill(page, '#identity', identity)
      await fill(page, '#name', name)
      await upload(page, '#photos', ...photos)
      await untilTrue(page, `document.querySelectorAll('.shots li').length === ${photos.length}`)
      await page.click('#submit')
    }

    it('opens for the admin key only, and says why not', async () => {
      await page.click('#enter')
      expect(await textOf(page, '#key-fault')).toBe('Enter the admin key.')
      await page.type('#key', 'no-such-key-at-all')
      await page.click('#enter')
      await until(page, '#key-fault', 'key')
      await fill(page, '#key', site.keys.APP_KEY.split(',')[0]!)
      await page.click('#enter')
      await until(page, '#key-fault', 'admin')
      expect(await propertyOf(page, '#room', 'hidden')).toBe(true)
      await fill(page, '#key', site.keys.ADMIN_KEY.split(',')[0]!)
      await page.click('#enter')
      await until(page, '#count', 'Nobody is enrolled yet.')
      expect(await propertyOf(page, '#key', 'value')).toBe('')
    })

    it('enrolls from files, and says of each photo what became of it', async () => {
      await enroll('ada', 'Ada', sampleFile('ada'), profileFile)
      await until(page, '.shots', '✗')
      const outcomes = await evaluate<string[][]>(
        page,
        '[...document.querySelectorAll(".shots li")].map((item) => [item.className, item.textContent])',
      )
      expect(outcomes[0]).toEqual(['good', expect.stringContaining('✓ usable')])
      expect(outcomes[1]).toEqual(['bad', expect.stringMatching(/profile\.jpg✗ .*\w/)])
      expect(await textOf(page, '#enrolled-now .title')).toMatch(/^\w.*\.$/)
      await checkLook(page, 'admin-refused')
      expect((await admin.listIdentities()).identities).toEqual([])

      await page.click('[aria-label="Remove profile.jpg"]')
      await page.click('#submit')
      await until(page, '#enrolled-now', '✓ ada')
      await until(page, '#people', 'ada')
      await enroll('eve', 'Eve', sampleFile('eve'))
      await until(page, '#enrolled-now', '✓ eve')
      await enroll('fay', 'Fay', sampleFile('fay'))
      await until(page, '#enrolled-now', '✓ fay')
      await until(page, '#count', '3 people')
      expect((await admin.getIdentity('eve')).name).toBe('Eve')
    })

    it.each([
      ['#duplicate', 'allowDuplicate'],
      ['#different', 'allowDifferent'],
    ])('sends what is ticked at %s, and nothing else', async (box, field) => {
      const sent = page.waitForRequest((request) => request.url().endsWith('/two'))
      await page.click(box)
      await enroll('two', 'Two', sampleFile('ada'), sampleFile('fay'))
      const body = (await (await sent).fetchPostData()) ?? ''
      expect(body.match(/name="allow\w+"/g)).toEqual([`name="${field}"`])
      await until(page, '.shots', '✗')
      await page.click(box)
      await page.click('[aria-label="Remove ada.jpg"]')
      await page.click('[aria-label="Remove fay.jpg"]')
    })

    it('says at its field what an identity may be, and that a name may be anything', async () => {
      await enroll('李明', '李明', sampleFile('cleo'))
      const said = 'Identity: expected 1 to 128 characters of A-Z a-z 0-9 . _ -. The name may have'
      await until(page, '#enroll-fault', said)
      expect(await propertyOf(page, '#identity', 'ariaInvalid')).toBe('true')
      expect(await textOf(page, '#enrolled-now')).toBe('')
      await page.click('[aria-label="Remove cleo.jpg"]')
    })

    it('replaces nobody by mistake, and adds photos', async () => {
      await enroll('eve', 'Somebody', sampleFile('cleo'))
      await until(page, '#enroll-fault', 'eve is enrolled already')
      expect((await admin.getIdentity('eve')).name).toBe('Eve')
      await page.click('[aria-label="Remove cleo.jpg"]')
      await page.click('[aria-label="Add photos: eve"]')
      await upload(page, '#photos', join(buildDir, 'samples', 'probe-eve.jpg'))
      await page.waitForSelector('.shots li')
      await page.click('#submit')
      await until(page, '#enrolled-now', '2 in all')
      expect((await admin.getIdentity('eve')).encodings).toBe(2)
    })

    it('finds by the beginning of the identity', async () => {
      await page.type('#prefix', 'e')
      await until(page, '#count', '1 person whose identity begins with e.')
      await fill(page, '#prefix', 'x')
      await until(page, '#count', 'Nobody whose identity begins with x.')
      await page.click('#prefix', { count: 3 })
      await page.keyboard.press('Backspace')
      await until(page, '#count', '3 people.')
    })

    it('renames, and sets the day of deletion', async () => {
      await page.click('[aria-label="Edit: ada"]')
      await page.waitForSelector('#edit[open]')
      await checkLook(page, 'admin-edit')
      await fill(page, '#edit-name', 'Ada Lovelace')
      await page.evaluate('document.querySelector("#edit-until").value = "2099-12-24"')
      await page.click('#edit-form [type="submit"]')
      await until(page, '#said', '✓ ada was changed')
      await until(page, '#people', 'Ada Lovelace · 1 photo · to be deleted on 2099-12-24')
      // Apart from the rest, since a name may be written from right to left.
      expect(await textsOf(page, '#people bdi')).toContain('Ada Lovelace')
      const { name, expiresAt } = await admin.getIdentity('ada')
      expect(name).toBe('Ada Lovelace')
      expect(expiresAt).toMatch(/^2099-12-2[345]T/)
    })

    it('changes nobody whom somebody else changed meanwhile', async () => {
      await page.click('[aria-label="Edit: fay"]')
      await page.waitForSelector('#edit[open]')
      await admin.updateIdentity('fay', { name: 'Fay Wray' })
      await fill(page, '#edit-name', 'Late')
      await page.click('#edit-form [type="submit"]')
      await until(page, '#edit-fault', 'changed this person meanwhile')
      await page.click('#edit-cancel')
      expect((await admin.getIdentity('fay')).name).toBe('Fay Wray')
    })

    it('unlocks', async () => {
      const app = createClient({ url: site.url, key: site.keys.APP_KEY.split(',')[0]! })
      const image = new Uint8Array(await readFile(sampleFile('dora')))
      const fail = () => app.verify({ identity: 'fay', image }).catch(({ code }) => code)
      for (let i = 0; i < 10 && (await fail()) !== 'locked_out'; i++);
      expect(await fail()).toBe('locked_out')
      await page.click('[aria-label="Unlock: fay"]')
      await until(page, '#said', '✓ fay is unlocked')
      expect((await app.verify({ identity: 'fay', image })).decision).toBe('no_match')
    })

    let exported: string
    it('exports everybody into a file', async () => {
      await page.click('#export')
      await until(page, '#said', '3 people in the file')
      const name = `people-${new Date().toISOString().slice(0, 10)}.ndjson`
      await expect
        .poll(() => readFile(join(folder, name), 'utf8').catch(() => ''))
        .toMatch(/sha256/)
      exported = join(folder, name)
      const lines = (await readFile(exported, 'utf8')).trim().split('\n')
      expect(lines.map((line) => JSON.parse(line).identity)).toEqual([
        ...[undefined, 'ada', 'eve', 'fay', undefined],
      ])
    })

    it('deletes, but not without asking', async () => {
      await page.click('[aria-label="Delete: eve"]')
      await page.waitForSelector('#delete[open]')
      await checkLook(page, 'admin-delete')
      await page.click('#delete-no')
      expect((await admin.getIdentity('eve')).encodings).toBe(2)
      await page.click('[aria-label="Delete: eve"]')
      await page.click('#delete-yes')
      await until(page, '#said', '✓ eve was deleted')
      await until(page, '#count', '2 people')
      await expect(admin.getIdentity('eve')).rejects.toMatchObject({ code: 'identity_not_found' })
    })

    it('imports what it exported, and says what it refuses', async () => {
      await upload(page, '#import', exported)
      await until(page, '#said', '1 new, 0 replaced, 2 unchanged, 0 refused')
      expect((await admin.getIdentity('eve')).encodings).toBe(2)
      const broken = join(folder, 'broken.ndjson')
      await writeFile(broken, '{"identity":"gil"}\nno json\n')
      await upload(page, '#import', broken)
      await until(page, '#said', '0 new, 0 replaced, 0 unchanged, 2 refused')
      expect(await textOf(page, '#said')).toContain('gil: invalid_request')
    })

    it('enrolls from the camera', async () => {
      const camera = await writeFilm(join(folder, 'bea.mjpeg'), inFront(await sampleImage('bea')))
      const own = await startBrowser({ camera })
      const tab = await openPage(own, `${site.url}/admin`, screens[1]!)
      await tab.type('#key', site.keys.ADMIN_KEY.split(',')[0]!)
      await tab.click('#enter')
      await until(tab, '#count', '3 people')
      await tab.type('#identity', 'bea')
      await tab.evaluate('document.querySelector("#tray button").click()')
      await untilTrue(tab, '!document.querySelector("#camera-take").disabled')
      await checkLook(tab, 'admin-camera')
      await tab.click('#camera-take')
      await untilTrue(tab, 'document.querySelectorAll(".shots li").length === 1')
      await tab.click('#submit')
      await until(tab, '#enrolled-now', '✓ bea')
      await own.close()
      await admin.deleteIdentity('bea')
    })

    it('forgets the key', async () => {
      await page.click('#leave')
      expect(await page.$$('#people li')).toEqual([])
      expect(await propertyOf(page, '#room', 'hidden')).toBe(true)
    })

    it.each(screens)('looks right with people in it: $scheme, $width px', async (screen) => {
      const own = await openPage(browser, `${site.url}/admin`, screen)
      await own.type('#key', site.keys.ADMIN_KEY.split(',')[0]!)
      await own.click('#enter')
      await until(own, '#count', '3 people')
      await own.type('#identity', 'cleo')
      await upload(own, '#photos', sampleFile('cleo'), sampleFile('dora'))
      await untilTrue(own, 'document.querySelectorAll(".shots li").length === 2')
      await own.click('#submit')
      await until(own, '#enrolled-now', '.')
      await checkLook(own, `admin-${screen.width}-${screen.scheme}`)
      await own.close()
    })
  })

  describe('the demo', () => {
    let page: Page
    beforeAll(async () => {
      page = await openPage(browser, site.url, screens[1]!)
      await page.waitForSelector('.sample')
      await page.type('#key', site.keys.APP_KEY.split(',')[0]!)
    })
    const sample = (title: string) => page.click(`[aria-label="Photo of ${title}"]`)

    it('offers the sample people, and verifies one at three clicks', async () => {
      const titles = await textsOf(page, '.sample')
      expect(titles).toEqual(['ada', 'bea', 'cleo', 'dora', 'eve', 'fay', 'eve, another day'])
      await sample('eve, another day')
      await page.click('#submit')
      await until(page, '#verdict', '✓ Match')
      await checkLook(page, 'demo-match')
    })

    it('shows no answer any more once the question changed', async () => {
      await page.click('[aria-label="Identity fay"]')
      expect(await textOf(page, '#verdict')).toBe(
        'Choose a photo and ask. The answer appears here.',
      )
      expect(await page.$$('#facts *')).toEqual([])
      await page.click('#submit')
      await until(page, '#verdict', '✗ Ask an administrator')
      expect(await textOf(page, '#facts')).toContain('nearer_to_another')
      await sample('ada')
      expect(await textOf(page, '#verdict')).not.toContain('match')
      await page.click('#submit')
      // Given up while it runs: its answer never appears.
      await page.type('#identity', 'x')
      await new Promise((resolve) => setTimeout(resolve, 3000))
      expect(await textOf(page, '#verdict')).toBe(
        'Choose a photo and ask. The answer appears here.',
      )
      expect(await propertyOf(page, '#submit', 'disabled')).toBe(false)
    })

    it('says that it is busy', async () => {
      await fill(page, '#identity', 'ada')
      await page.click('#submit')
      expect(await textOf(page, '#submit')).toBe('Verifying …')
      expect(await propertyOf(page, '#answer', 'ariaBusy')).toBe('true')
      await until(page, '#verdict', '✓ Match')
      expect(await propertyOf(page, '#answer', 'ariaBusy')).toBe(null)
    })

    it('says of a spoilt photo that does not match no more than that', async () => {
      const random = new SeededRandom(1, 'grain')
      // Of another size than the photo before.
      const cleo = await sampleImage('cleo')
      const grainy = changePixels(cleo, (value) => value + random.normal() * 30)
      const file = join(folder, 'grainy.jpg')
      await writeFile(file, await makeJpeg(grainy))
      await upload(page, '#photo-1', file)
      const shown = `document.querySelector(".drop canvas")?.ariaLabel?.includes("${cleo.width}")`
      await untilTrue(page, shown)
      await fill(page, '#identity', 'eve')
      await page.click('#submit')
      await until(page, '#verdict', 'This photo does not match eve. Another may.')
      expect(await textOf(page, '#facts')).toContain('face_too_grainy')
      await sample('ada')
    })

    it('has the hint as headline of a refusal', async () => {
      await fill(page, '#identity', 'nobody')
      await page.click('#submit')
      await until(page, '#verdict', 'Check the name that you entered')
      expect(await textOf(page, '#facts')).toContain('identity_not_found')
    })

    it('marks every face, and which counted', async () => {
      const eve = await sampleImage('eve')
      const two = join(folder, 'two.jpg')
      const fay = await sampleImage('fay')
      const image = placeImages(920, 460, [
        { image: eve, x: 0, y: 0 },
        { image: fay, x: 480, y: 20 },
      ])
      await writeFile(two, await makeJpeg(image))
      await upload(page, '#photo-1', two)
      await untilTrue(page, 'document.querySelector(".drop canvas")?.ariaLabel?.includes("920")')
      await fill(page, '#identity', 'eve')
      await page.click('#submit')
      await until(page, '#pictures', '2 faces')
      await checkLook(page, 'demo-two-faces')
    })

    it.each(screens)('looks right with an answer: $scheme, $width px', async (screen) => {
      const own = await openPage(browser, site.url, screen)
      await own.type('#key', site.keys.APP_KEY.split(',')[0]!)
      await own.waitForSelector('.sample')
      await own.click('[aria-label="Photo of eve, another day"]')
      await checkLook(own, `demo-${screen.width}-${screen.scheme}-asked`)
      await own.click('#submit')
      await until(own, '#verdict', '✓ Match')
      await checkLook(own, `demo-${screen.width}-${screen.scheme}`)
      await own.close()
    })
  })
})
