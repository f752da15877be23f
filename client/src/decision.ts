/** What a client checks of an answer before anybody acts on it: a decision that it knows. */
import { clientError } from './facegate-error.ts'

/** Throws `unexpected_answer` for an answer without a decision that this client knows. */
export function requireDecision(
  answer: { readonly decision: string },
  known: readonly string[],
): void {
  if (known.includes(answer?.decision)) return
  throw clientError('unexpected_answer', 'The answer has no decision that this client knows.')
}
