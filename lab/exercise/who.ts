/** The exercise's who_is_it(photo) in lines. People who are not near enough are not named: a stranger is nobody. */
import { basename } from 'node:path'
import type { Probe } from '../../scripts/photos/people.ts'
import type { FaceEngine } from '../../src/engine/face-engine.ts'
import { recognizeAtDoor, type VerdictAmong } from './door.ts'
import type { Household } from './household.ts'
import { notebookWho } from './notebook.ts'
import { encodeProbe, orRefusal } from './probe.ts'

const mostPhotos = 20

export async function describeWho(
  house: Household,
  engine: FaceEngine,
  probes: readonly Probe[],
): Promise<string[]> {
  const lines: string[] = []
  for (const { file, person } of probes.slice(0, mostPhotos)) {
    const told = await orRefusal(async () => {
      const encoding = await encodeProbe(engine, file)
      return [
        `${tell(recognizeAtDoor(house, encoding), house.keptClosed)}${tellKnown(file, house, person)}`,
      ]
    })
    lines.push(...told.map((line) => `who_is_it("${basename(file)}"): ${line}`))
  }
  const others = probes.length - mostPhotos
  return others > 0 ? [...lines, `and ${others} photos more, which are not looked at here`] : lines
}

function tell({ decision, ranked, threshold }: VerdictAmong, keptClosed?: string): string {
  const [first, second] = ranked
  const limit = threshold.threshold.toFixed(4)
  if (first === undefined || decision === 'no_match') {
    const nearest =
      first === undefined ? 'nobody is in it' : `the nearest is ${first.distance.toFixed(4)} away`
    return `Not in the database (${nearest}, threshold ${limit}). The door stays closed.`
  }
  const told = `the distance is ${first.distance.toFixed(4)}, threshold ${limit}`
  if (keptClosed !== undefined) {
    return `the nearest is ${first.identity}, ${told}. The door stays closed: ${keptClosed}.`
  }
  if (decision === 'match') return `it's ${first.identity}, ${told}. The door opens.`
  return `ambiguous: ${first.identity} or ${second?.identity}, ${told}. The door stays closed.`
}

/** Who it is in truth, as far as somebody says so. */
function tellKnown(file: string, { people }: Household, person: Probe['person']): string {
  if (person !== undefined) return ` By its label it is ${person ?? 'nobody of the house'}.`
  const isNotebooks = basename(file) === notebookWho.photo && people.has(notebookWho.person)
  return isNotebooks ? ` By the exercise's text it's ${notebookWho.person}.` : ''
}
