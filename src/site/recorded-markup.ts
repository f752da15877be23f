/** Recorded answers in the reference: what was asked, and what the Worker answered to it. */
import type { Endpoint } from '../api/contract/endpoint.ts'
import { curlExample } from './call-examples.ts'
import { printJson } from './print-json.ts'
import { type Markup, markup } from './prose.ts'
import type { Recording } from './recordings.ts'

/** May scroll sideways, and so can be reached by keyboard; a script puts a button beside it that copies the text. */
export function code(text: string): Markup {
  return markup`<div class="code"><pre tabindex="0"><code>${text}</code></pre></div>`
}

/** The result and its reason, in a few words: `no_match`: a photo of somebody else. */
function headline({ title, answer }: Recording): Markup {
  const outcome = outcomeOf(answer)
  return markup`${outcome !== undefined && markup`<code>${outcome}</code>: `}${title}`
}

/** An answer that opens at a click, with the request unless it stands above already. */
export function renderRecording(
  recording: Recording,
  request: { readonly endpoint: Endpoint; readonly origin: string } | null,
  isOpen = false,
): Markup {
  const { answer, lines, answerHeaders = {}, status } = recording
  const asked = request && code(curlExample(request.endpoint, recording, request.origin))
  const headers = Object.entries(answerHeaders).map(([name, value]) => `${name}: ${value}`)
  const text = lines
    ? lines.map((line) => JSON.stringify(line)).join('\n')
    : answer !== undefined && printJson(answer)
  return markup`<details${isOpen && ' open'}><summary>${headline(recording)}</summary>
${asked}
<p class="types">Answered with ${status}${headers.map((header) => markup`, <code>${header}</code>`)}${text === false ? ' and no body.' : ':'}</p>
${text !== false && code(text)}</details>`
}

function outcomeOf(answer: unknown): string | undefined {
  if (!(answer instanceof Object)) return undefined
  const { decision, code } = { decision: undefined, code: undefined, ...answer }
  return typeof decision === 'string' ? decision : typeof code === 'string' ? code : undefined
}
