/** Photos of 12 megapixels, as phones take them, through the real bundle: however they are sent, and what they cost. */
import { beforeAll, describe, expect, it } from 'vitest'
import { percentile } from '../../../bench/measure/percentile.ts'
import { cpuMs } from '../../../bench/measure/process-cpu.ts'
import { workerdPids } from '../../../bench/measure/process-memory.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { addExif, makeTiff } from '../../support/photos/add-exif.ts'
import { grainyPhoto } from '../../support/photos/grainy-photo.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { probeFile, readPhoto } from '../../support/photos/sample-photos.ts'
import { bundleKeys, enrollSamples, useBundle } from '../../support/running/real-bundle.ts'

const mebibyte = 2 ** 20
const bundle = useBundle({ vars: { DETAIL: 'scores', ATTEMPTS_PER_HOUR: '10000' } })
/** The sample in the middle of a large photo, a face of 840 pixels; and one of 400 pixels. */
let large: Uint8Array
let smallFace: Uint8Array
let ordinary: Uint8Array

beforeAll(async () => {
  const portrait = await decodePhoto(await readPhoto(probeFile), createNodeCodecs())
  large = addExif('jpeg', await grainyPhoto(portrait, 4032, 3024, 1800), makeTiff(1))
  smallFace = await grainyPhoto(portrait, 4032, 3024, 420)
  ordinary = await grainyPhoto(portrait, 640, 480, 400)
  await enrollSamples(bundle)
}, 300_000)

interface Answer {
  readonly decision: string
  readonly distance: number
  readonly face: { readonly box: { readonly width: number } }
}

const headers = { Authorization: `Bearer ${bundleKeys.admin}` }

/** Of all processes that serve the bundle. */
async function ofWorkerd(measure: (pid: number) => Promise<number>): Promise<number> {
  const pids = await workerdPids()
  if (pids.length === 0) throw new Error('there is no workerd to be measured')
  const measured = await Promise.all(pids.map(measure))
  return measured.reduce((sum, value) => sum + value, 0)
}

async function verify(photo: Uint8Array): Promise<Answer> {
  const response = await bundle.admin.post('/verify', { identity: 'eve', image: photo })
  expect(response.status).toBe(200)
  return await response.json<Answer>()
}

describe('a photo of 12 megapixels', () => {
  it('has the size that phones write', () => {
    expect(large.length / mebibyte).toBeGreaterThan(3)
    expect(large.length / mebibyte).toBeLessThan(8)
  })

  it('is accepted as a form, as the body and in JSON', async () => {
    const asForm = await verify(large)
    const asBody = await fetch(new URL('/verify?identity=eve', bundle.url), {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'image/jpeg' },
      body: new Blob([large]),
    })
    const asJson = await fetch(new URL('/verify', bundle.url), {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ identity: 'eve', image: Buffer.from(large).toString('base64') }),
    })
    expect(asForm).toMatchObject({ decision: 'match' })
    for (const response of [asBody, asJson]) {
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({
        decision: 'match',
        distance: asForm.distance,
        face: asForm.face,
      })
    }
  })

  it('keeps a face that is small in it: it is decoded once more, finer', async () => {
    const { decision, face } = await verify(smallFace)
    expect(decision).toBe('match')
    // In pixels of the photo; in the picture that the whole is decoded to it has half as many.
    expect(face.box.width).toBeGreaterThan(150)
    expect(face.box.width).toBeLessThan(224)
  })

  it('costs at most four times the processor time of one of 640x480', async () => {
    const cost = async (photo: Uint8Array): Promise<number> => {
      const rounds = 6
      const before = await ofWorkerd(cpuMs)
      for (let i = 0; i < rounds; i++) await verify(photo)
      return ((await ofWorkerd(cpuMs)) - before) / rounds
    }
    await verify(ordinary)
    await verify(large)
    const ratios: number[] = []
    // By turns, so that other work on the machine slows both.
    for (let turn = 0; turn < 5; turn++) {
      const [usual, many] = [await cost(ordinary), await cost(large)]
      console.log(
        `processor time: 640x480 ${usual.toFixed(0)} ms, 12 megapixels ${many.toFixed(0)} ms`,
      )
      ratios.push(many / usual)
    }
    expect(percentile(ratios, 0.5)).toBeLessThan(4)
  })
})
