/**
 * Why there is no match although the face is near enough to the person it claims to be. Such an attempt does not count as
 * failed: a person who resembles somebody enrolled, or is enrolled twice, must not lock the right one out. Pure.
 */
export const reasons = {
  nearer_to_another: {
    means: 'somebody else enrolled is clearly nearer',
    hint: 'Ask an administrator: two people are enrolled who look alike, or one person twice.',
  },
  others_unknown: {
    means: 'others enrolled cannot be compared with, and one of them may be nearer',
    hint: 'Ask an administrator: some people have to be enrolled anew.',
  },
} as const

export type Reason = keyof typeof reasons

export const reasonCodes = Object.keys(reasons) as [Reason, ...Reason[]]
