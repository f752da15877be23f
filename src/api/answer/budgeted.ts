/**
 * Answers a request within the budget of its key: its work is charged before anything is done, and a guess that failed is counted before
 * the answer leaves. An answer that is ready when the budget is spent is withheld, whatever it says: simultaneous requests must not reveal
 * more than successive ones.
 */
import { z } from 'zod'
import { FaceError } from '../../errors/face-error.ts'
import { type RequestBudget, vainErrors } from '../../guard/caller/budgets.ts'

const decided = z.object({ decision: z.literal('no_match') })

export interface Budgeted {
  /** Photos that the request is charged for at once; none for a session, whose tries are charged as they are admitted. */
  readonly photos: number
  /** Whether people who are enrolled are compared with: only then is the request a guess. */
  readonly isGuess: boolean
}

export async function withinBudget<Answered extends { readonly body?: unknown }>(
  budget: RequestBudget,
  { photos, isGuess }: Budgeted,
  answer: () => Promise<Answered>,
): Promise<Answered> {
  budget.enter()
  await budget.charge(photos)
  let answered: Answered
  try {
    answered = await answer()
  } catch (error) {
    const code = error instanceof FaceError ? error.code : undefined
    if (code === 'identity_not_found') await budget.countUnknown()
    if (code === 'challenge_invalid') await budget.countFailure()
    if (code !== undefined && vainErrors.has(code)) await budget.countVain()
    throw error
  }
  if (isGuess && decided.safeParse(answered.body).success) await budget.countFailure()
  budget.requireLeft()
  return answered
}
