import { describe, expect, it } from 'vitest'
import { syntheticFaces } from '../../bench/people/synthetic-faces.ts'
import { unitVector } from '../../src/encoding/direction.ts'
import { toInt8 } from '../../src/encoding/int8-encoding.ts'
import { distanceBetween, type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { searchMatrix } from '../../src/gallery/search/search-matrix.ts'
import { createTemplateMatrix } from '../../src/gallery/search/template-matrix.ts'
import { fakeModel } from '../support/app/fake-engine.ts'
import { galleryKernel } from '../support/networks/gallery-kernel.ts'

const peopleCount = 3000
const faces = syntheticFaces(7)
const encodings = Array.from({ length: peopleCount }, (_, i) => faces.photo(i, 0))
const matrix = createTemplateMatrix(galleryKernel, 128)
for (const [i, encoding] of encodings.entries()) matrix.put(`${i}`, 1, toInt8(encoding))

/** Of people, so that many are near a centre. */
const crowded: Metric = {
  kind: 'l2-cohort',
  cohort: {
    centres: Array.from({ length: 40 }, (_, k) => unitVector(encodings[k * 31]!)),
    nearest: 3,
    floor: 0.86,
    weight: 1,
    usualLength: 1.45,
    lengthPower: 0.25,
  },
}

/** At 200,000 people: npm run bench:packed. */
describe('the best candidate among people who crowd together', () => {
  it.each<[string, Metric]>([
    ['l2', { kind: 'l2' }],
    ['l2-cohort', crowded],
  ])('is that of comparing with everybody in float32, in %s', async (_, metric) => {
    const places = encodings.map((encoding) => prepareEncoding(metric, encoding))
    let asEverybody = 0
    let right = 0
    const probeCount = 60
    for (let i = 0; i < probeCount; i++) {
      const person = (i * 47) % peopleCount
      const probe = faces.photo(person, 1)
      const probePlace = prepareEncoding(metric, probe)
      const distances = places.map((place) => distanceBetween(probePlace, place))
      const best = distances.indexOf(Math.min(...distances))
      const read = async (identities: readonly string[]) => ({
        records: identities.map((identity) => ({
          identity,
          version: 1,
          model: fakeModel,
          encodings: [encodings[Number(identity)]!],
          createdAt: '',
          updatedAt: '',
        })),
        unreadable: [],
      })
      const options = { limit: 1, maxDistance: 1, metric }
      const reader = { getMany: read, getCurrent: read }
      const found = await searchMatrix(matrix, fakeModel, probe, options, reader, 100)
      if (found.people[0]?.identity === `${best}`) asEverybody++
      if (best === person) right++
    }
    expect(asEverybody).toBe(probeCount)
    // People do crowd together: the probes are not so easy that anything would find them.
    expect(right).toBeGreaterThan(probeCount * 0.9)
  })
})
