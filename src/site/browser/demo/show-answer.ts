/** An answer, or a failure, for the person in front of the page: what was decided, how near it was, and every figure. */
import type {
  Comparison,
  Detection,
  Quality,
  Recognition,
  Verification,
} from '../../../../client/src/client.ts'
import { FacegateError } from '../../../../client/src/client.ts'
import { adviceOn } from '../advice.ts'
import { make } from '../elements.ts'

export interface Shown {
  readonly verdict: HTMLElement
  readonly facts: readonly HTMLElement[]
}

type Tone = 'good' | 'bad' | 'warn' | 'plain'

/** Reasons that lie in who else is enrolled; of others the photo itself does not match. */
const otherPeople: ReadonlySet<string> = new Set<NonNullable<Verification['reason']>>([
  'nearer_to_another',
  'others_unknown',
])

export function showVerification(answer: Verification): Shown {
  const { identity, decision, reason, hint } = answer
  if (reason !== undefined) {
    const why = otherPeople.has(reason)
      ? `No match with ${identity}, although the face is near enough.`
      : `This photo does not match ${identity}. Another may.`
    const verdict = banner('bad', `✗ ${hint ?? 'No match'}`, [why])
    return { verdict, facts: [table('Refused', [['reason', reason]]), ...factsOf(answer)] }
  }
  const verdict =
    decision === 'match'
      ? banner('good', '✓ Match', [`The photo shows ${identity}.`])
      : banner('bad', '✗ No match', [`The photo does not show ${identity}.`])
  return { verdict, facts: factsOf(answer) }
}

function factsOf(answer: Verification): HTMLElement[] {
  return [...meters(answer), qualityTable(answer.quality, 'Quality', livenessRows(answer))]
}

export function showRecognition(answer: Recognition): Shown {
  const { decision, identity, candidates, quality } = answer
  const names = candidates.map((candidate) => candidate.identity).join(', ')
  const verdict = {
    match: () => banner('good', `✓ ${identity}`, ['One person is clearly nearest.']),
    ambiguous: () => banner('warn', '? Not certain', [`About as near: ${names}.`]),
    no_match: () => banner('bad', '✗ Nobody', ['Nobody enrolled is near enough.']),
  }[decision]()
  const rows = candidates.flatMap(({ identity: name, distance: apart }) =>
    apart === undefined ? [] : [[name, apart.toFixed(3)]],
  )
  return {
    verdict,
    facts: [
      ...meters(answer),
      ...(rows.length > 0 ? [table('Distances', rows)] : []),
      qualityTable(quality, 'Quality', livenessRows(answer)),
    ],
  }
}

export function showComparison(answer: Comparison): Shown {
  const verdict =
    answer.decision === 'match'
      ? banner('good', '✓ Match', ['Both photos show the same person.'])
      : banner('bad', '✗ No match', ['The photos show two people.'])
  return {
    verdict,
    facts: [
      ...meters(answer),
      qualityTable(answer.left.quality, 'Quality, left photo', livenessRows(answer.left)),
      qualityTable(answer.right.quality, 'Quality, right photo', livenessRows(answer.right)),
    ],
  }
}

export function showDetection({ faces }: Detection): Shown {
  const count = faces.length === 1 ? '1 face' : `${faces.length} faces`
  return {
    verdict: banner('plain', faces.length === 0 ? 'No face' : count, []),
    facts: faces.map(({ quality, score, ...presence }, i) =>
      qualityTable(quality, faces.length === 1 ? 'Quality' : `Quality, face ${i + 1}`, [
        ['detector is sure', percent(score)],
        ...livenessRows(presence),
      ]),
    ),
  }
}

export function showFailure(error: unknown): Shown {
  if (!(error instanceof FacegateError)) {
    return { verdict: banner('warn', 'Something went wrong in this page', []), facts: [] }
  }
  const { code, detail, requestId, status, retryAfterSeconds } = error
  const rows = [
    ['code', code],
    ...(status === undefined ? [] : [['status', `${status}`]]),
    ...(retryAfterSeconds === undefined ? [] : [['try again after', `${retryAfterSeconds} s`]]),
    ...(requestId === undefined ? [] : [['request', requestId]]),
  ]
  return { verdict: banner('warn', adviceOn(error), [detail]), facts: [table('Refused', rows)] }
}

/** The answer as it came. */
export function rawAnswer(answer: object, ms: number): HTMLElement {
  const text = JSON.stringify(
    answer,
    (key, value) => (key === 'landmarks' ? '68 points' : value),
    2,
  )
  return make(
    'details',
    {},
    make('summary', {}, `Answer as JSON, after ${Math.round(ms)} ms`),
    make('pre', { tabindex: '0' }, make('code', {}, text)),
  )
}

function banner(tone: Tone, title: string, lines: readonly string[]): HTMLElement {
  const texts = lines.map((line) => make('p', {}, line))
  return make('div', { class: `banner ${tone}` }, make('p', { class: 'title' }, title), ...texts)
}

/** Where the distance lies between 0 and twice the threshold; nothing where the service does not tell it. */
function meters({
  distance,
  threshold,
}: Pick<Comparison, 'distance' | 'threshold'>): HTMLElement[] {
  if (distance === undefined || threshold === undefined) return []
  const share = (value: number) => `${Math.min(100, (value / (2 * threshold)) * 100)}%`
  const mark = make('span', { class: 'mark' })
  const limit = make('span', { class: 'limit' })
  const bar = make('div', { class: 'bar', 'aria-hidden': 'true' }, limit, mark)
  bar.style.setProperty('--threshold', share(threshold))
  mark.style.left = share(distance)
  limit.style.left = share(threshold)
  const texts = [`distance ${distance.toFixed(3)}`, `matches up to ${threshold.toFixed(3)}`]
  const labels = make('p', {}, ...texts.map((text) => make('span', {}, text)))
  return [make('div', { class: 'meter' }, bar, labels)]
}

/** What was found of a live person; nothing where the service does not look. */
function livenessRows({
  liveness,
  livenessScore,
}: Pick<Verification, 'liveness' | 'livenessScore'>): string[][] {
  if (liveness === 'not_checked' || livenessScore === undefined) return []
  const verdict = liveness === 'likely_live' ? 'likely' : 'likely not'
  return [['looks live', `${verdict}, ${percent(livenessScore)}`]]
}

function qualityTable(
  quality: Quality,
  caption = 'Quality',
  first: readonly (readonly string[])[] = [],
): HTMLElement {
  const turned = (degrees: number, positive: string, negative: string) =>
    `${Math.abs(degrees).toFixed(0)}° ${degrees < 0 ? negative : positive}`
  return table(caption, [
    ...first,
    ['face', `${Math.round(quality.faceSize)} px`],
    ['sharpness', percent(quality.sharpness)],
    ['brightness', percent(quality.brightness)],
    ['contrast', percent(quality.contrast)],
    ['turned', turned(quality.yaw, 'to their left', 'to their right')],
    ['looks', turned(quality.pitch, 'up', 'down')],
    ['leans', turned(quality.roll, 'clockwise', 'anticlockwise')],
  ])
}

function table(caption: string, rows: readonly (readonly string[])[]): HTMLElement {
  const lines = rows.map(([name, value]) =>
    make('tr', {}, make('th', { scope: 'row' }, name!), make('td', {}, value!)),
  )
  return make('table', {}, make('caption', {}, caption), make('tbody', {}, ...lines))
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
