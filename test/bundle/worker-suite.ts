/** What is asked of the real bundle from its first request on: people, receipts, lockout, hostile bodies, what is logged. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyOptions, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { maxPhotoBytes } from '../../src/image/limits.ts'
import {
  probeFile,
  readPhoto,
  sampleFile,
  sampleFolder,
  samplePeople,
  samplePhoto,
} from '../support/photos/sample-photos.ts'
import { callerWith } from '../support/running/http.ts'
import { bundleKeys, type RealBundle } from '../support/running/real-bundle.ts'
import { importReceiptExample } from '../support/running/receipt-example.ts'
import { runScript } from '../support/running/run-script.ts'

async function expectProblem(response: Response, status: number, code: string): Promise<string> {
  const body = await response.json<{ status: number; code: string; detail: string }>()
  expect(body).toMatchObject({ status, code })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return body.detail
}

/** Before all others: the first test is also the first that the isolate sees. Each finds what the one before left. */
export function describeWorker(bundle: RealBundle): void {
  describe('the real bundle', () => {
    let probe: Uint8Array
    beforeAll(async () => {
      probe = await readPhoto(probeFile)
    })

    /** Forgets failed attempts. */
    async function unlock(identity: string): Promise<void> {
      const response = await bundle.admin.post(`/admin/identities/${identity}/unlock`, {})
      expect(response.status).toBe(204)
    }

    it('answers concurrent first requests, all of them, with one start of the engine', async () => {
      const photo = await samplePhoto('ada')
      const responses = await Promise.all([
        fetch(new URL('/health', bundle.url)),
        bundle.app.post('/detect', { image: photo }),
        bundle.admin.post('/encode', { image: photo }),
        fetch(new URL('/health', bundle.url)),
        bundle.app.post('/detect', { image: probe }),
      ])
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    })

    it('is healthy, and says what runs', async () => {
      const response = await fetch(new URL('/health', bundle.url))
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({
        ok: true,
        network: 'dlib-resnet',
        model: expect.stringMatching(/^dlib-resnet@[0-9a-f]{8}$/),
      })
    })

    it('enrolls the sample people with npm run enroll; a second run changes nothing', async () => {
      const enroll = () =>
        runScript('enroll', sampleFolder, '--url', `${bundle.url}`, '--key', bundleKeys.admin)
      const first = await enroll()
      expect(first.stderr).not.toContain('not enrolled')
      expect(first.stdout).toContain('enrolled 6 of 6 people (6 photos)')
      expect(first.status).toBe(0)
      const records = () =>
        Promise.all(
          samplePeople.map(async (person) =>
            (await bundle.admin.get(`/admin/identities/${person}`)).json(),
          ),
        )
      const before = await records()
      for (const record of before) expect(record).toMatchObject({ encodings: 1 })
      const second = await enroll()
      expect(second.stdout).toContain('enrolled 6 of 6 people (6 photos)')
      expect(second.status).toBe(0)
      expect(await records()).toEqual(before)
    })

    it('lists the people and never their encodings', async () => {
      const response = await bundle.admin.get('/admin/identities')
      expect(response.status).toBe(200)
      const { identities } = await response.json<{ identities: Record<string, unknown>[] }>()
      expect(identities.map(({ identity }) => identity)).toEqual([...samplePeople])
      for (const entry of identities) expect(entry).toMatchObject({ encodings: 1 })
    })

    it('verifies another photo of eve as eve', async () => {
      const response = await bundle.admin.post('/verify', { identity: 'eve', image: probe })
      expect(response.status).toBe(200)
      const answer = await response.json<{ distance: number; threshold: number }>()
      expect(answer).toMatchObject({
        decision: 'match',
        identity: 'eve',
        fmr: 0.001,
        liveness: 'not_checked',
        face: { rotation: 0 },
      })
      expect(answer.distance).toBeLessThan(answer.threshold)
      expect(answer.distance).toBeGreaterThan(0.1)
    })

    it('tells an app the decision, and not how near it was', async () => {
      const response = await bundle.app.post('/verify', { identity: 'eve', image: probe })
      const answer = await response.json<object>()
      expect(answer).toMatchObject({ decision: 'match', fmr: 0.001 })
      expect(answer).not.toHaveProperty('distance')
      expect(answer).not.toHaveProperty('threshold')
    })

    it('refuses every other pair', async () => {
      const photos = new Map<string, Uint8Array>([['eve', probe]])
      for (const person of samplePeople) {
        if (person !== 'eve') photos.set(person, await samplePhoto(person))
      }
      for (const [shown, image] of photos) {
        for (const identity of samplePeople) {
          await unlock(identity)
          const response = await bundle.app.post('/verify', { identity, image })
          const { decision } = await response.json<{ decision: string }>()
          expect(decision, `${shown} as ${identity}`).toBe(
            shown === identity ? 'match' : 'no_match',
          )
        }
      }
    })

    it('signs receipts that a backend can check with nothing but the address of the Worker', async () => {
      const response = await bundle.app.post('/verify', { identity: 'eve', image: probe })
      const { receipt, requestId } = await response.json<{ receipt: string; requestId: string }>()
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', bundle.url))
      const check = (token: string, options: JWTVerifyOptions = {}) =>
        jwtVerify(token, keys, {
          issuer: bundle.url.origin,
          audience: bundleKeys.appId,
          algorithms: ['EdDSA'],
          typ: 'facegate-receipt+jwt',
          ...options,
        })
      const { payload } = await check(receipt)
      expect(payload).toMatchObject({ sub: 'eve', decision: 'match', fmr: 0.001, jti: requestId })
      const [header, claims, signature] = receipt.split('.')
      const forged = Buffer.from(JSON.stringify({ ...payload, sub: 'fay' })).toString('base64url')
      await expect(check(`${header}.${forged}.${signature}`)).rejects.toMatchObject({
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      })
      const unsigned = Buffer.from('{"alg":"none","typ":"facegate-receipt+jwt"}').toString(
        'base64url',
      )
      await expect(check(`${unsigned}.${claims}.`)).rejects.toThrow()
      const aMinuteLater = new Date(payload.exp! * 1000)
      await expect(check(receipt, { currentDate: aMinuteLater })).rejects.toMatchObject({
        code: 'ERR_JWT_EXPIRED',
      })
      for (const other of [{ issuer: 'https://elsewhere.example' }, { audience: 'other-app' }]) {
        await expect(check(receipt, other)).rejects.toMatchObject({
          code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        })
      }
    })

    it('signs receipts that the example of docs/api.md checks', async () => {
      const { requireMatch } = await importReceiptExample(bundle.url.origin)
      const verify = async (identity: string) =>
        (await bundle.app.post('/verify', { identity, image: probe })).json<{ receipt: string }>()
      const { receipt } = await verify('eve')
      await expect(requireMatch(receipt, { identity: 'eve' })).resolves.toBeUndefined()
      await expect(requireMatch(receipt, { identity: 'fay' })).rejects.toThrow('another person')
      await expect(requireMatch(receipt, { identity: undefined })).rejects.toThrow('another person')
      await expect(requireMatch(receipt, { identity: 'eve', fmr: 0.0001 })).rejects.toThrow('laxer')
      const other = { identity: 'eve', challenge: 'of another request' }
      await expect(requireMatch(receipt, other)).rejects.toThrow('another challenge')
      const asked = await fetch(new URL('/challenge', bundle.url), {
        method: 'POST',
        headers: { Authorization: `Bearer ${bundleKeys.app}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ identity: 'eve' }),
      })
      const { challenge } = await asked.json<{ challenge: string }>()
      const challenged = { identity: 'eve', image: probe, challenge }
      const fresh = await (await bundle.app.post('/verify', challenged)).json<{ receipt: string }>()
      await expect(
        requireMatch(fresh.receipt, { identity: 'eve', challenge }),
      ).resolves.toBeUndefined()
      await expectProblem(await bundle.app.post('/verify', challenged), 401, 'challenge_invalid')
      const { receipt: refused } = await verify('fay')
      await expect(requireMatch(refused, { identity: 'fay' })).rejects.toThrow('not a match')
    })

    it('signs receipts that the example believes by a clock some seconds off, and not for longer', async () => {
      const { requireMatch } = await importReceiptExample(bundle.url.origin)
      const response = await bundle.app.post('/verify', { identity: 'eve', image: probe })
      const { receipt } = await response.json<{ receipt: string }>()
      const signedMs = Number(decodeJwt(receipt).iat) * 1000
      const checkAt = async (seconds: number) => {
        vi.useFakeTimers({ toFake: ['Date'], now: signedMs + seconds * 1000 })
        try {
          await requireMatch(receipt, { identity: 'eve' })
          return 'match'
        } catch (error) {
          return error instanceof errors.JOSEError ? error.code : error
        } finally {
          vi.useRealTimers()
        }
      }
      expect(await checkAt(-4)).toBe('match')
      expect(await checkAt(62)).toBe('match')
      expect(await checkAt(-7)).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
      expect(await checkAt(67)).toBe('ERR_JWT_EXPIRED')
    })

    it('locks a person after five failures in a row, until they are unlocked', async () => {
      await unlock('fay')
      const [wrong, right] = [await samplePhoto('ada'), await samplePhoto('fay')]
      const guesses = Array.from({ length: 8 }, () =>
        bundle.app.post('/verify', { identity: 'fay', image: wrong }),
      )
      const statuses = (await Promise.all(guesses)).map(({ status }) => status)
      expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
      const locked = await bundle.app.post('/verify', { identity: 'fay', image: right })
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
      await expectProblem(locked, 429, 'locked_out')
      await unlock('fay')
      const answer = await (
        await bundle.app.post('/verify', { identity: 'fay', image: right })
      ).json()
      expect(answer).toMatchObject({ decision: 'match' })
    })

    it('recognizes eve among everybody, and lists each once', async () => {
      const response = await bundle.app.post('/recognize', { image: probe, limit: '6' })
      expect(response.status).toBe(200)
      const answer = await response.json<{ candidates: { identity: string }[] }>()
      expect(answer).toMatchObject({ decision: 'match', identity: 'eve', calibrated: true })
      const listed = answer.candidates.map(({ identity }) => identity)
      expect(listed[0]).toBe('eve')
      expect(new Set(listed).size).toBe(listed.length)
    })

    it('enrolls nobody twice under two identities, unless told to', async () => {
      const other = await bundle.admin.put('/admin/identities/somebody', [sampleFile('fay')])
      expect(await expectProblem(other, 409, 'duplicate_person')).toContain('fay')
      const twice = '/admin/identities/somebody?allowDuplicate=true'
      const sent = await fetch(new URL(twice, bundle.url), {
        method: 'PUT',
        headers: { Authorization: `Bearer ${bundleKeys.admin}`, 'Content-Type': 'image/jpeg' },
        body: await samplePhoto('fay'),
      })
      expect(sent.status).toBe(201)
      const fay = await bundle.app.post('/recognize', { image: await samplePhoto('fay') })
      expect(await fay.json()).toMatchObject({ decision: 'ambiguous' })
      expect((await bundle.admin.delete('/admin/identities/somebody')).status).toBe(204)
      const again = await bundle.app.post('/recognize', { image: await samplePhoto('fay') })
      expect(await again.json()).toMatchObject({ decision: 'match', identity: 'fay' })
    })

    it('enrolls no photos of two people as one', async () => {
      const photos = [sampleFile('eve'), sampleFile('dora'), probeFile]
      const mixed = await bundle.admin.put('/admin/identities/eve', photos)
      const { images } = await mixed.clone().json<{ images: { outcome: string }[] }>()
      await expectProblem(mixed, 409, 'photos_differ')
      expect(images.map(({ outcome }) => outcome)).toEqual(['encoded', 'photos_differ', 'encoded'])
    })

    it('takes a stranger for none of those who stay, and knows no deleted person', async () => {
      const deleted = await bundle.admin.delete('/admin/identities/ada')
      expect(deleted.status).toBe(204)
      await expectProblem(
        await bundle.admin.delete('/admin/identities/ada'),
        404,
        'identity_not_found',
      )
      const image = await samplePhoto('ada')
      const verify = await bundle.app.post('/verify', { identity: 'ada', image })
      await expectProblem(verify, 404, 'identity_not_found')
      const recognized = await bundle.app.post('/recognize', { image })
      expect(await recognized.json()).toMatchObject({ decision: 'no_match', candidates: [] })
      for (const identity of samplePeople.filter((person) => person !== 'ada')) {
        const answer = await (await bundle.app.post('/verify', { identity, image })).json()
        expect(answer).toMatchObject({ decision: 'no_match', identity })
      }
      expect((await bundle.admin.put('/admin/identities/ada', [sampleFile('ada')])).status).toBe(
        201,
      )
      expect((await bundle.admin.put('/admin/identities/ada', [sampleFile('ada')])).status).toBe(
        200,
      )
    })

    it('compares two photos, in either order alike', async () => {
      const [eve, ada] = [await samplePhoto('eve'), await samplePhoto('ada')]
      const compare = async (left: Uint8Array, right: Uint8Array) =>
        (await bundle.admin.post('/compare', { left, right })).json<{
          decision: string
          distance: number
        }>()
      const same = await compare(eve, probe)
      expect(same.decision).toBe('match')
      // The last bit of a sum depends on its order.
      expect((await compare(probe, eve)).distance).toBeCloseTo(same.distance, 12)
      expect((await compare(ada, probe)).decision).toBe('no_match')
      expect((await compare(probe, probe)).distance).toBe(0)
    })

    it('detects a face with its landmarks', async () => {
      const response = await bundle.app.post('/detect', { image: await samplePhoto('cleo') })
      const { faces } = await response.json<{ faces: { landmarks: unknown[]; score: number }[] }>()
      expect(faces).toHaveLength(1)
      expect(faces[0]!.landmarks).toHaveLength(68)
      expect(faces[0]!.score).toBeGreaterThan(0.5)
    })

    it('encodes as npm run encode does, to within 1e-4', async () => {
      const files = [...samplePeople.map(sampleFile), probeFile]
      const { stdout, status } = await runScript('encode', ...files)
      expect(status).toBe(0)
      const lines = stdout
        .trim()
        .split('\n')
        .map((line): Encoded => JSON.parse(line))
      expect(lines.map(({ file }) => file)).toEqual(files)
      let worst = 0
      for (const { file, encoding, face, model } of lines) {
        const answer = await (
          await bundle.admin.post('/encode', { image: await readPhoto(file) })
        ).json<Encoded>()
        expect(answer.model).toBe(model)
        expect(answer.face).toEqual(face)
        expect(answer.encoding).toHaveLength(128)
        answer.encoding.forEach((value, i) => {
          worst = Math.max(worst, Math.abs(value - encoding[i]!))
        })
      }
      console.log(`/encode and npm run encode: largest difference ${worst}`)
      expect(worst).toBeLessThanOrEqual(1e-4)
    })

    it('is unauthorized without a live key, and forbidden with one of the other role', async () => {
      const form = { identity: 'eve', image: probe }
      const nobody = callerWith('not-a-live-key', bundle.url)
      await expectProblem(await nobody.post('/verify', form), 401, 'unauthorized')
      await expectProblem(
        await fetch(new URL('/admin/identities', bundle.url)),
        401,
        'unauthorized',
      )
      await expectProblem(await bundle.app.get('/admin/identities'), 403, 'forbidden')
      await expectProblem(await bundle.app.post('/encode', { image: probe }), 403, 'forbidden')
      expect((await bundle.admin.post('/verify', form)).status).toBe(200)
    })

    it('refuses damaged and foreign photos, and works on', async () => {
      const cut = probe.slice(0, probe.length / 2)
      await expectProblem(await bundle.app.post('/detect', { image: cut }), 400, 'image_unreadable')
      const gif = new TextEncoder().encode('GIF89a and more')
      await expectProblem(
        await bundle.app.post('/detect', { image: gif }),
        415,
        'image_unsupported',
      )
      const flipped = probe.slice()
      flipped.fill(0, 300, 4000)
      const response = await bundle.app.post('/detect', { image: flipped })
      expect([200, 400]).toContain(response.status)
      expect((await bundle.app.post('/detect', { image: probe })).status).toBe(200)
    })

    it('refuses a body that is too large by its Content-Length', async () => {
      const bytes = maxPhotoBytes + 1_000_000
      const status = await sendRaw(bundle.url, { 'Content-Length': `${bytes}` }, bytes)
      expect(status).toMatchObject({ status: 413, code: 'image_too_large' })
    })

    it('refuses a body that is too large and says nothing of its length', async () => {
      const status = await sendRaw(
        bundle.url,
        { 'Transfer-Encoding': 'chunked' },
        maxPhotoBytes + 1_000_000,
      )
      expect(status).toMatchObject({ status: 413, code: 'image_too_large' })
      expect((await bundle.app.post('/detect', { image: probe })).status).toBe(200)
    })

    it('is unharmed by a folder that enroll cannot enroll', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'facegate-enroll-'))
      await writeFile(join(folder, 'broken.jpg'), 'no photo')
      await writeFile(join(folder, 'eve.jpg'), await samplePhoto('eve'))
      const { stdout, status } = await runScript(
        'enroll',
        folder,
        '--url',
        `${bundle.url}`,
        '--key',
        bundleKeys.admin,
      )
      await rm(folder, { recursive: true })
      expect(stdout).toContain('enrolled 1 of 2 people (1 photo)')
      expect(stdout).toMatch(/not enrolled: broken: image_unsupported: .+/)
      expect(status).toBe(1)
      await expectProblem(
        await bundle.admin.get('/admin/identities/broken'),
        404,
        'identity_not_found',
      )
    })

    it('logs no photo, no encoding and no key', () => {
      const text = JSON.stringify(bundle.server.getLogs())
      expect(text).toContain('POST /verify')
      const [, receiptKey] = bundleKeys.receipt.split(':')
      for (const secret of [bundleKeys.admin, bundleKeys.app, bundleKeys.template, receiptKey!]) {
        expect(text).not.toContain(secret)
      }
      expect(text).not.toMatch(/(-?0\.\d{4,}[,\s]+){8}/)
    })
  })
}

interface Encoded {
  readonly file: string
  readonly encoding: readonly number[]
  readonly face: object
  readonly model: string
}

/** A photo as the raw body of a request, as much of it as the server is willing to take. */
function sendRaw(
  url: URL,
  headers: Record<string, string>,
  bytes: number,
): Promise<{ status: number | undefined; code: unknown }> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${new URL('/detect', url)}`,
      {
        method: 'POST',
        headers: {
          ...headers,
          'Content-Type': 'image/jpeg',
          Authorization: `Bearer ${bundleKeys.app}`,
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () => {
          resolve({ status: response.statusCode, code: JSON.parse(text).code })
          sending.destroy()
        })
      },
    )
    sending.on('error', reject)
    sending.end(Buffer.alloc(bytes, 0xff))
  })
}
