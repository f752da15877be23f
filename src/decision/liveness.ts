/**
 * What a liveness score means for an answer, by the Worker's policy: `off` checks nothing, `advise` reports, `require` also refuses to
 * match a face that does not look live, `active` matches nobody without the poses of a session, whatever one photo scores. Fails closed:
 * only a score that reaches the threshold is live. Pure.
 */
import { FaceError } from '../errors/face-error.ts'
import type { PoseTelling } from '../guard/session.ts'
import type { LivenessLevel } from '../liveness/judge-frames.ts'

export const livenessPolicies = ['off', 'advise', 'require', 'active'] as const
export type LivenessPolicy = (typeof livenessPolicies)[number]

export interface LivenessSettings {
  readonly policy: LivenessPolicy
  /** 0..1; the network's own unless given. */
  readonly threshold?: number
  /** Of every session with poses; at once unless given. */
  readonly poseTelling?: PoseTelling
  /** That every session with poses has to reach. */
  readonly livenessLevel?: LivenessLevel
}

export type LivenessReport =
  | { readonly liveness: 'not_checked' }
  | {
      readonly liveness: 'likely_live' | 'likely_spoof'
      /** 0..1, 1 is live. */
      readonly livenessScore: number
    }

export interface LivenessCheck {
  readonly policy: LivenessPolicy
  /** Whether photos are scored. */
  readonly isOn: boolean
  /** Network and weights hash, and the least score that counts as live; absent while it is off. */
  readonly network?: { readonly model: string; readonly threshold: number }
  /** Throws an Error over a score that is absent or no number from 0 to 1: the network is broken then. */
  report(score: number | undefined): LivenessReport
  /** Whether a face with this report must not match anybody. */
  refuses(report: LivenessReport): boolean
}

/**
 * @param network the one that the engine has
 * @throws FaceError not_configured when the policy needs a network and there is none
 */
export function createLivenessCheck(
  { policy, threshold }: LivenessSettings,
  network: { readonly model: string; readonly threshold: number } | undefined,
): LivenessCheck {
  if (policy === 'off' || (policy === 'active' && !network)) {
    return {
      policy,
      isOn: false,
      report: () => ({ liveness: 'not_checked' }),
      refuses: () => false,
    }
  }
  if (!network) {
    throw new FaceError(
      'not_configured',
      `LIVENESS is ${policy}, and no liveness network is packed; "npm run liveness" packs one.`,
    )
  }
  const least = threshold ?? network.threshold
  return {
    policy,
    isOn: true,
    network: { model: network.model, threshold: least },
    report(score) {
      if (score === undefined || !(score >= 0 && score <= 1)) {
        throw new Error('the liveness network gave no usable score')
      }
      return { liveness: score >= least ? 'likely_live' : 'likely_spoof', livenessScore: score }
    },
    refuses: ({ liveness }) => policy === 'require' && liveness !== 'likely_live',
  }
}

/** Whether only a session with `liveness: 'active'` may match. */
export function asksForPoses({ policy }: LivenessSettings): boolean {
  return policy === 'active'
}

export function livenessRequired(): FaceError {
  return new FaceError(
    'liveness_required',
    'LIVENESS is active: only the token of a session for one person, with liveness "active", may match.',
  )
}
