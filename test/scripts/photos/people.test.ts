import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDataset } from '../../../scripts/photos/h5-dataset.ts'
import { describeLeft, readPeople, requireSomebody } from '../../../scripts/photos/people.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-people-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A folder with files of these names, each without a byte unless it is given. */
async function folderWith(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true })
    await writeFile(join(path, file), text)
  }
  return path
}

describe('readPeople', () => {
  it('takes the folder as the person, or the name of the file without its number', async () => {
    const files = [
      'ada/1.jpg',
      'ada/deeper/2.png',
      'bea.jpg',
      'Zoe_Li_0001.jpg',
      'Zoe_Li_0002.jpg',
      '7.jpg',
    ]
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), '')
    }
    const { photos: found } = await readPeople(folder)
    expect(
      Object.fromEntries(found.map(({ file, person }) => [file.slice(folder.length + 1), person])),
    ).toEqual({
      'ada/1.jpg': 'ada',
      'ada/deeper/2.png': 'ada',
      'bea.jpg': 'bea',
      'Zoe_Li_0001.jpg': 'Zoe_Li',
      'Zoe_Li_0002.jpg': 'Zoe_Li',
      '7.jpg': '7',
    })
  })

  it.each([
    ['unpacked', { 'unpacked/ada.jpg': '', 'unpacked/bea.jpg': '' }, 'unpacked'],
    ['download', { 'lfw/ada/1.jpg': '', 'lfw/bea/1.jpg': '' }, 'lfw'],
  ])(
    'says that everybody in a folder within %s is taken for one person',
    async (name, files, person) => {
      const path = await folderWith(name, files)
      expect((await readPeople(path)).left).toEqual([
        `all 2 photos are taken for those of one person, ${person}; if several people are on them, name ${join(path, person)}`,
      ])
    },
  )

  it.each([
    ['one', { 'ada/1.jpg': '', 'ada/2.jpg': '' }],
    ['two', { 'ada/1/1.jpg': '', 'ada/2/2.jpg': '', 'bea.jpg': '' }],
    ['twin', { 'twin/1.jpg': '' }],
    ['flat', { 'flat_1.jpg': '', 'flat_2.jpg': '' }],
  ])('says nothing of a folder within another where %s may well be so', async (name, files) => {
    expect((await readPeople(await folderWith(name, files))).left).toEqual([])
  })

  it('refuses a folder without a photo, and one that is not there', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    const nobody = await readPeople(empty)
    expect(() => requireSomebody(empty, nobody)).toThrow(
      `${empty} holds no photos; expected <person>.jpg or <person>/*.jpg (.jpg, .jpeg, .png, .webp)`,
    )
    const missing = join(folder, 'missing')
    await expect(readPeople(missing)).rejects.toThrow(`${missing}: there is no such folder`)
  })

  it("leaves cameras' photos as probes, pictures that are not read and empty folders, and says so", async () => {
    const path = await folderWith('house', {
      'younes.jpg': '',
      'camera_0.jpg': '',
      'camera_1.JPG': '',
      'camera_2.png': '',
      'probe-eve.webp': '',
      'IMG_1.HEIC': '',
      'README.md': '',
      '.hidden.jpg': '',
      '.thumbnails/1.jpg': '',
      'nobody/notes.txt': '',
      'camera_9/1.jpg': '',
    })
    const found = await readPeople(path)
    expect(found.photos.map(({ person }) => person)).toEqual(['camera_9', 'younes'])
    expect(describeLeft(found)).toEqual([
      '4 camera photos were left as probes: camera_0.jpg, camera_1.JPG, camera_2.png and 1 more',
      '1 file was left, not JPEG, PNG or WebP (convert to JPEG first): IMG_1.HEIC',
      '1 folder was left, without a photo: nobody',
    ])
  })

  it('says that a folder holds photos of cameras only', async () => {
    const path = await folderWith('cameras', { 'camera_0.jpg': '' })
    const found = await readPeople(path)
    expect(describeLeft(found)).toEqual(['1 camera photo was left as a probe: camera_0.jpg'])
    expect(() => requireSomebody(path, found)).toThrow(
      `${path} holds no photos but those of cameras; expected <person>.jpg`,
    )
  })

  it('follows a link to a photo, and says which links it leaves', async () => {
    const path = await folderWith('links', { 'dora/1.jpg': '' })
    await symlink(join(folder, 'bea.jpg'), join(path, 'cleo.jpg'))
    await symlink(join(folder, 'ada'), join(path, 'ada'))
    await symlink(path, join(path, 'dora', 'up'))
    await symlink(join(folder, 'nowhere.jpg'), join(path, 'eve.jpg'))
    await symlink(join(folder, 'ada'), join(path, '.hidden'))
    const found = await readPeople(path)
    expect(found.photos.map(({ person }) => person)).toEqual(['cleo', 'dora'])
    expect(describeLeft(found)).toEqual([
      '3 links were left, since only links to photos are followed: ada, dora/up, eve.jpg',
    ])
  })

  it('takes the labels of an h5 file for people, of either name that the exercise has', async () => {
    const file = join(folder, 'faces.h5')
    const keys = { images: 'test_set_x', labels: 'test_set_y', classes: 'list_classes' }
    const images = new Uint8Array(2 * 4 * 4 * 3)
    const shape = [2, 4, 4, 3] as const
    await writeDataset(file, { images, shape, labels: [1, 0], classes: ['ada', 'bea'] }, keys)
    const found = await readPeople(file)
    expect(found.photos.map(({ person }) => person)).toEqual(['bea', 'ada'])
    expect(describeLeft(found)).toEqual([])
    await expect(readPeople(file, { images: 'faces' })).rejects.toThrow(
      'there is no dataset "faces"; the file holds list_classes [2] text, test_set_x [2, 4, 4, 3] uint8, ' +
        'test_set_y [2] int64; --images-key, --labels-key and --classes-key name others',
    )
    await writeDataset(file, { images, shape, labels: [1, 0], classes: null })
    expect(describeLeft(await readPeople(file))).toEqual([
      `${file}: the labels are numbers without names, each taken for a person: 0, 1`,
    ])
  })
})

describe('a list of who is on the photos of cameras', () => {
  const photos = { 'ada.jpg': '', 'camera_0.jpg': '', 'camera_1.jpg': '', 'camera_2.jpg': '' }

  it('says who is on them; without a person it is nobody of whom there is a photo', async () => {
    const list = 'file,person\ncamera_0.jpg,ada\ncamera_1.jpg,\n'
    const path = await folderWith('listed', { ...photos, 'probes.csv': list })
    const { probes } = await readPeople(path)
    expect(probes.map(({ file, ...rest }) => ({ file: basename(file), ...rest }))).toEqual([
      { file: 'camera_0.jpg', person: 'ada' },
      { file: 'camera_1.jpg', person: null },
      { file: 'camera_2.jpg' },
    ])
  })

  it.each([
    [
      'file;person\ncamera_0.jpg;ada\n',
      'photo 1: expected the columns file and person, separated by commas',
    ],
    ['file,person\nada.jpg,ada\n', 'photo 1: ada.jpg is no photo of a camera in this folder'],
    [
      'file,person\ncamera_0.jpg,adda\n',
      'photo 1: there is no photo of adda; leave the person out',
    ],
    [
      'file,person\ncamera_0.jpg,ada\ncamera_0.jpg,\n',
      'photo 2: camera_0.jpg is in the list twice',
    ],
  ])('%j is refused: %s', async (list, fault) => {
    const path = await folderWith(`wrong-${fault.replace(/\W+/g, '-')}`, {
      ...photos,
      'probes.csv': list,
    })
    await expect(readPeople(path)).rejects.toThrow(`${join(path, 'probes.csv')}: ${fault}`)
  })
})
