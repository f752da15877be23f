import { describe, expect, it } from 'vitest'
import { identityFault, personOn } from '../../../scripts/photos/names.ts'

describe('personOn', () => {
  it.each([
    ['younes.jpg', 'younes'],
    ['Zoe_Li.PNG', 'Zoe_Li'],
    ['ada_0001.jpg', 'ada'],
    ['ada-2.jpeg', 'ada'],
    ['ada 3.webp', 'ada'],
    ['ada (4).jpg', 'ada'],
    ['ada/1.jpg', 'ada'],
    ['ada/older/camera_0.jpg', 'ada'],
    ['j.doe.jpg', 'j.doe'],
    // The number is a part of the name: these are two people.
    ['user41.jpg', 'user41'],
    ['user42.jpg', 'user42'],
    ['7.jpg', '7'],
    ['_1.jpg', '_1'],
    // Somebody of that name.
    ['camera.jpg', 'camera'],
    ['cameron.jpg', 'cameron'],
    ['camera/1.jpg', 'camera'],
    ['camera_0/1.jpg', 'camera_0'],
    ['probert.jpg', 'probert'],
    // As macOS writes it, and as others do: one name.
    ['Zoe\u0308.jpg', 'Zo\u00eb'],
  ])('%s is of %s', (path, person) => {
    expect(personOn(path)).toBe(person)
  })

  it.each([
    'camera_0.jpg',
    'camera-12.png',
    'Camera 3.JPG',
    'camera4.jpg',
    'camera (5).jpg',
    'camera_front.jpg',
    'probe_1.jpg',
    'probe-eve.jpg',
  ])('%s is of nobody that the name says', (path) => {
    expect(personOn(path)).toBeNull()
  })
})

describe('identityFault', () => {
  it.each(['ada', 'Zoe_Li', 'j.doe', 'user-42'])('lets %s be enrolled', (person) => {
    expect(identityFault(person)).toBeNull()
  })

  it.each([
    ['Zo\u00eb', 'Zoe'],
    ['Gro\u00df M\u00fcller', 'Gross_Muller'],
    ['ada lovelace', 'ada_lovelace'],
    ["o'neil", 'o_neil'],
  ])('refuses %s, and says that %s would do', (person, other) => {
    expect(identityFault(person)).toBe(
      'the name cannot be an identity: expected 1 to 128 characters of A-Z a-z 0-9 . _ -; ' +
        `rename the photo or folder, to ${other} for instance`,
    )
  })

  it.each(['\u5f20\u4f1f', '..'])('refuses %s, for which there is no such name', (person) => {
    expect(identityFault(person)).toMatch(/^the name cannot be an identity: expected [^;]+$/)
    expect(identityFault(person)).toContain(
      'as in person-1 (at /admin the person can be given a name in any letters)',
    )
  })
})
