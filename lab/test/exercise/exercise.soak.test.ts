import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeFile, profileFile, sampleFile } from '../../../test/support/photos/sample-photos.ts'
import { runScript } from '../../../test/support/running/run-script.ts'

let house: string
beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'facegate-exercise-'))
  await cp(sampleFile('ada'), join(house, 'ada.jpg'))
  await cp(sampleFile('eve'), join(house, 'eve.jpg'))
  await cp(probeFile, join(house, 'camera_0.jpg'))
  await cp(profileFile, join(house, 'camera_1.jpg'))
})
afterAll(() => rm(house, { recursive: true }))

describe('npm run exercise', () => {
  it('computes the loss of the exercise, and decides about the camera photos of a folder', async () => {
    const { stdout, status } = await runScript('exercise', house)
    expect(status).toBe(0)
    expect(stdout).toContain('528.143  computed here')
    expect(stdout).toContain("528.143  by the exercise's text\n")
    expect(stdout).toContain('2 of 2 people, encoded by dlib-resnet@')
    // Nothing says who is on the photo, so the first person is claimed, then another.
    expect(stdout).toMatch(/verify\("camera_0\.jpg", "ada"\)\n.* The door stays closed\./)
    expect(stdout).toMatch(/verify\("camera_0\.jpg", "eve"\)\n.* welcome home! The door opens\./)
    expect(stdout).toMatch(/who_is_it\("camera_0\.jpg"\): it's eve, .* The door opens\./)
    expect(stdout).toMatch(/who_is_it\("camera_1\.jpg"\): .* ?[Tt]he door stays closed/)
    expect(stdout).toMatch(/0\.40\d\d {2}ours for verify/)
    expect(stdout).toContain("0.7  by the exercise's text")
  }, 120_000)

  it('verifies the photo that is given, and says in one line what is wrong with it', async () => {
    const own = await runScript('exercise', house, '--photo', probeFile, '--person', 'eve')
    expect(own.stdout).toMatch(/verify\("probe-eve\.jpg", "eve"\)\n.*welcome home! The door opens/)
    const nobody = await runScript('exercise', house, '--photo', probeFile, '--person', 'cleo')
    expect(nobody.stdout).toContain('the door stays closed: identity_not_found: ')
    const text = join(house, 'text.jpg')
    await writeFile(text, 'no photo')
    const broken = await runScript('exercise', house, '--photo', text)
    expect(broken.stdout).toContain('who_is_it("text.jpg"): the door stays closed: image_u')
    await rm(text)
    const absent = await runScript('exercise', house, '--photo', 'absent.jpg')
    expect(absent.stderr).toBe('absent.jpg: there is no such file\n')
    expect(absent.status).toBe(2)
  }, 240_000)

  it('says what is missing, and that there is no such folder', async () => {
    const { stderr, status } = await runScript('exercise', '--person', 'eve')
    expect(stderr).toBe('--person wants --photo beside it\n')
    expect(status).toBe(2)
    const absent = await runScript('exercise', join(house, 'absent'))
    expect(absent.stderr).toBe(`${join(house, 'absent')}: there is no such folder\n`)
    expect(absent.status).toBe(2)
  }, 120_000)
})
