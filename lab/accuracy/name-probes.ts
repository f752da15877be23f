/**
 * Photos of cameras of which nothing says who is on them: whom /recognize would name, among the people whose photos lie beside
 * them. They count in no rate.
 */
import { basename } from 'node:path'
import { isCalibrated, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import type { DecisionAmong } from '../../src/decision/decide-among.ts'
import { createThresholds } from '../../src/decision/thresholds.ts'
import type { RankedPerson } from '../../src/gallery/search/gallery.ts'
import { type Door, rankPeople, recognizeAtDoor } from '../exercise/door.ts'
import type { EncodedPhotos, MeasuredFace, MissedPhoto } from './encoded-photos.ts'

export interface NamedProbe {
  readonly file: string
  /** Null for a model that nobody calibrated, and for a photo that gave no encoding. */
  readonly decision: DecisionAmong | null
  /** The code of a photo that gave no encoding. */
  readonly fault?: string
  /** Nearest first, two at most. */
  readonly nearest: readonly RankedPerson[]
}

/** @param probes those of cameras, in the order of the files, and those of them that gave no encoding */
export function nameProbes(
  { model, faces }: Pick<EncodedPhotos, 'model' | 'faces'>,
  probes: readonly (MeasuredFace | MissedPhoto)[],
): NamedProbe[] {
  const enrolled = faces.filter(({ enrollable, isProbe }) => enrollable && !isProbe)
  const people = new Map(
    [...Map.groupBy(enrolled, ({ person }) => person)].map(
      ([person, own]) => [person, own.map((face) => face.enrolled)] as const,
    ),
  )
  const door: Door = { model, people, thresholds: createThresholds(readCalibrationTable) }
  return probes.map((probe): NamedProbe => {
    const { file } = probe
    if ('code' in probe) return { file, decision: null, fault: probe.code, nearest: [] }
    if (people.size === 0 || !isCalibrated(readCalibrationTable(), model)) {
      const nearest = rankPeople({ kind: 'l2' }, probe.probe, people).slice(0, 2)
      return { file, decision: null, nearest }
    }
    const { decision, ranked } = recognizeAtDoor(door, probe.probe)
    return { file, decision, nearest: ranked.slice(0, 2) }
  })
}

/** A section of the report; empty without such photos. */
export function probesMarkdown(probes: readonly NamedProbe[], list: string): string {
  if (probes.length === 0) return ''
  const [who, rest] =
    probes.length === 1
      ? ['The name of 1 camera photo does not say who is on it', 'It is a probe and counts']
      : [
          `The names of ${probes.length} camera photos do not say who is on them`,
          'They are probes and count',
        ]
  return [
    '## Probes',
    '',
    `${who}. ${rest} in no rate above; a list \`${list}\` with the columns \`file\` and \`person\``,
    'says who is who. What `/recognize` decides among the people here:',
    '',
    '| probe | decision | nearest | next |',
    '|---|---|---|---|',
    ...probes.map(({ file, decision, fault, nearest }) => {
      const [first = '', second = ''] = nearest.map(
        ({ identity, distance }) => `${identity} ${distance.toFixed(4)}`,
      )
      return `| ${basename(file)} | ${fault ?? decision ?? 'none: not calibrated'} | ${first} | ${second} |`
    }),
    '',
  ].join('\n')
}
