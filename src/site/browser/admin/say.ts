/** What the page says of an outcome: a banner with a headline, and what else there is to know below it. */
import { FacegateError } from '../../../../client/src/client.ts'
import { adviceOn } from '../advice.ts'
import { make } from '../elements.ts'

type Tone = 'good' | 'bad' | 'warn'

export function banner(tone: Tone, title: string, lines: readonly string[] = []): HTMLElement {
  const texts = lines.map((line) => make('p', {}, line))
  return make('div', { class: `banner ${tone}` }, make('p', { class: 'title' }, title), ...texts)
}

/** The hint first, which is for people; then what developers want to know. */
export function failureBanner(error: unknown): HTMLElement {
  if (!(error instanceof FacegateError)) {
    return banner('bad', 'Something went wrong in this page', [`${error}`])
  }
  const { code, detail, requestId } = error
  return banner('bad', adviceOn(error), [
    detail,
    requestId === undefined ? code : `${code}, ${requestId}`,
  ])
}
