import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changePixels } from '../../../lab/condition/draw/change-pixels.ts'
import { SeededRandom } from '../../../lab/learning/seeded-random.ts'
import { packedModel } from '../../../scripts/weights/packed-model.ts'
import { makeJpeg } from '../../support/photos/make-photo.ts'
import { sampleFile, sampleImage } from '../../support/photos/sample-photos.ts'
import { runScript } from '../../support/running/run-script.ts'

let folder: string
let server: Server
let url: string
const asked: string[] = []

/** A Worker with nobody in it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-local-'))
  const model = await packedModel()
  server = createServer(({ method, url: path }, response) => {
    asked.push(`${method} ${path}`)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, model, identities: [] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

describe('npm run enroll -- --local', () => {
  it('refuses what the Worker refuses: photos that are too grainy to enroll, and more than ten of one person', async () => {
    const random = new SeededRandom(1, 'grain')
    const dora = await sampleImage('dora')
    const grainy = changePixels(dora, (value) => value + random.normal() * 40)
    await writeFile(join(folder, 'grainy.jpg'), await makeJpeg(grainy))
    await mkdir(join(folder, 'many'))
    for (let i = 0; i < 11; i++) {
      await copyFile(sampleFile('ada'), join(folder, 'many', `${i}.jpg`))
    }
    const key = 'enroll-local-key'
    const { status, stdout } = await runScript(
      'enroll',
      folder,
      '--local',
      '--url',
      url,
      '--key',
      key,
    )
    expect(stdout).toContain('enrolled 0 of 2 people (0 photos)')
    expect(stdout).toContain('not enrolled: grainy: face_too_grainy: photo 1 of 1: Noise or strong')
    expect(stdout).toContain(
      'not enrolled: many: too_many_images: 11 photos; 10 at most of one person.',
    )
    expect(status).toBe(1)
    expect(asked.filter((request) => request.startsWith('POST'))).toEqual([])
  }, 60_000)
})
