/**
 * Asks the real bundle, in workerd with an empty store, what the sample calls ask, and writes down what it answers. Each answer
 * is checked against its schema; then what differs from run to run gets a fixed value, and what is long, secret or the face
 * itself is cut and marked.
 */
import { createTestHarness } from 'wrangler'
import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { problem } from '../../src/api/answer/problem.ts'
import { linesType } from '../../src/api/answer/stream-lines.ts'
import { openedSessionAnswer } from '../../src/api/contract/answers/session-answers.ts'
import type { Endpoint } from '../../src/api/contract/endpoint.ts'
import { endpoints } from '../../src/api/endpoints.ts'
import type { RecordedAnswers, Recording } from '../../src/site/recordings.ts'
import { projectRoot } from '../front/project-root.ts'
import { drawReceiptKey } from '../setup/draw-receipt-key.ts'
import { sampleCalls } from './sample-calls.ts'
import { type Service, sendSample } from './send-sample.ts'
import { settle, settledWait } from './settle-answer.ts'

const about =
  'Written by npm run write-recorded-answers: what the Worker answered about the sample people. ' +
  'Receipts, challenges, sessions, encodings and long lists are cut, request ids, times and checksums are replaced.'

const keys = { ADMIN_KEY: 'recording-admin-key', APP_KEY: 'recording-app-key' }

/** Needs what `npm run setup` makes. */
export async function recordAnswers(): Promise<RecordedAnswers> {
  const secrets = {
    ...keys,
    TEMPLATE_KEYS: `recording:${btoa('r'.repeat(32))}`,
    RECEIPT_KEYS: drawReceiptKey('2026-01'),
  }
  const workers = [{ configPath: 'wrangler.toml', secrets }]
  const server = createTestHarness({ root: projectRoot, workers })
  try {
    const { url } = await server.listen()
    const recordings = await recordAll({ url, keys: { ...keys, WRONG_KEY: 'no-such-key' } })
    const health = await fetch(new URL('/health', url))
    const { model } = (await health.json()) as { model: string }
    return { about, model, version: manifest.version, recordings }
  } finally {
    await server.close()
  }
}

async function recordAll(service: Service): Promise<Recording[]> {
  const recordings: Recording[] = []
  let exported = ''
  /** What the backend and the phone hold of the last session. */
  const held: Record<string, string> = {}
  for (const { times = 1, ...call } of sampleCalls) {
    const endpoint = endpoints.find(({ operationId }) => operationId === call.operationId)
    if (!endpoint) throw new Error(`there is no endpoint ${call.operationId}`)
    for (let i = 0; i < times; i++) {
      const known = { ...service, keys: { ...service.keys, ...held } }
      const id = call.id?.replace(/^\$(\w+)$/, (_, name: string) => held[name] ?? '')
      const response = await sendSample({ ...call, id }, endpoint, known, exported)
      const text = await response.text()
      if (call.operationId === 'openSession') {
        const { session, token } = openedSessionAnswer.parse(JSON.parse(text))
        Object.assign(held, { SESSION: session, TOKEN: token })
      }
      if (call.operationId === 'exportPeople') exported = text
      const { title } = call
      if (title === undefined) continue
      const answer = readAnswer(endpoint, response, text)
      recordings.push({
        ...call,
        title,
        status: response.status,
        ...headersOf(response),
        ...answer,
      })
    }
  }
  return recordings
}

/** Throws when the answer is not what its schema says. */
function readAnswer(
  { operationId, answers }: Endpoint,
  { status, headers }: Response,
  text: string,
): Pick<Recording, 'answer' | 'lines'> {
  const at = `${operationId}, ${status}: ${text}`
  const announced = Object.entries(answers).find(([announced]) => Number(announced) === status)
  const contract = announced?.[1]
  if (text === '') return {}
  if (headers.get('content-type') === linesType) {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    for (const line of lines) requireValid(contract?.line, line, at)
    return { lines: settle(lines) as unknown[] }
  }
  const answer: unknown = JSON.parse(text)
  requireValid(status < 400 ? contract?.schema : problem, answer, at)
  return { answer: settle(answer) }
}

function requireValid(schema: z.ZodType | undefined, value: unknown, at: string): void {
  if (!schema) throw new Error(`${at}: the endpoint does not announce this answer`)
  const { error } = schema.safeParse(value)
  if (error) throw new Error(`${at}: ${z.prettifyError(error)}`)
}

/** Those that a caller reads, as far as the answer has them. */
function headersOf({ headers }: Response): Pick<Recording, 'answerHeaders'> {
  const found = ['ETag', 'Retry-After', 'WWW-Authenticate'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, name === 'Retry-After' ? settledWait : value] as const]
  })
  return found.length === 0 ? {} : { answerHeaders: Object.fromEntries(found) }
}
