/**
 * Whether a photo of a face is good enough to be compared, as one list of rules. What fails here would mostly be refused as somebody else, without a
 * reason. Enrollment is stricter, since every later comparison rests on its photos. judge-face.ts holds faces against the rules.
 */
import { frameRules } from './frame-rules.ts'
import { lightRules } from './light-rules.ts'
import type { MeasureRule, Rule } from './rule.ts'
import { seenRules } from './seen-rules.ts'

/** The fault that is listed first is the one to mend first: light before sharpness, since a photo in bad light is blurred too. */
export const qualityRules: readonly MeasureRule[] = [...frameRules, ...lightRules, ...seenRules]

/** Of the detector's score. What scores less is never a face; a score that is not a number comes from a broken network. */
export const sureRule: Rule = {
  code: 'no_face',
  passes: [0.5, Infinity],
  message: (value, [least]) =>
    `What resembles a face most has a score of ${value.toFixed(2)}, at least ${least} is needed.`,
}
