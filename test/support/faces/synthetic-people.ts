/** Made-up people: each has a pattern of large coloured squares, and photos that are that pattern under noise. */
import type { LabelledPhotos } from '../../../lab/training/photos/labelled-photos.ts'
import { seededRandom } from '../random.ts'

export function syntheticPeople(people: number, photosEach: number, size: number): LabelledPhotos {
  const count = people * photosEach
  const pixels = new SharedArrayBuffer(count * size * size * 3)
  const bytes = new Uint8Array(pixels)
  const names: string[] = []
  const labels: string[] = []
  for (let person = 0; person < people; person++) {
    const look = seededRandom(1000 + person)
    // 3 x 3 squares of three channels.
    const pattern = Array.from({ length: 27 }, () => 60 + look() * 136)
    for (let photo = 0; photo < photosEach; photo++) {
      const noise = seededRandom(person * 100 + photo)
      const first = names.length * size * size * 3
      for (let i = 0; i < size * size * 3; i++) {
        const [channel, x, y] = [i % 3, Math.floor(i / 3) % size, Math.floor(i / 3 / size)]
        const square = Math.floor((y * 3) / size) * 3 + Math.floor((x * 3) / size)
        bytes[first + i] = pattern[square * 3 + channel]! + (noise() - 0.5) * 100
      }
      names.push(`p${person}/${photo}.png`)
      labels.push(`p${person}`)
    }
  }
  return { squares: { size, margin: 0 }, pixels, names, people: labels, skipped: [] }
}
