/** The first request of the README with the answer that the Worker gave when answers were recorded. */
import recorded from '../../src/site/recorded-answers.json' with { type: 'json' }

/** Longest line of the answer. */
const maxLineLength = 120

export function describeVerifyAnswer(): string {
  const match = recorded.recordings.find(
    ({ operationId, answer }) =>
      operationId === 'verify' && answer && 'decision' in answer && answer.decision === 'match',
  )
  if (match?.answer === undefined) throw new Error('no match of /verify was recorded')
  const fields = Object.entries(match.answer).map(
    ([name, value]) => `"${name}": ${inOneLine(value)}`,
  )
  return [
    '```console',
    '$ curl -s http://127.0.0.1:8787/verify \\',
    '    -H "Authorization: Bearer $APP_KEY" \\',
    '    -F identity=eve -F image=@build/samples/probe-eve.jpg',
    ...wrapped(fields),
    '```',
  ].join('\n')
}

function inOneLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')
}

/** As many fields a line as there is room for. */
function wrapped(fields: readonly string[]): string[] {
  const lines: string[] = []
  for (const field of fields) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + field.length + 2 <= maxLineLength)
      lines[lines.length - 1] = `${last}, ${field}`
    else lines.push(field)
  }
  return lines.map(
    (line, i) => `${i === 0 ? '{ ' : '  '}${line}${i < lines.length - 1 ? ',' : ' }'}`,
  )
}
