/**
 * Which test files get a process of their own: those that change a module, a global, the clock or tfjs's backend for everything in
 * theirs. All others share one.
 */

const changes = /\bvi\.(?!fn\b)|\bprocess\.(env|on|chdir)\b|\bglobalThis\.\w+ = |\.setBackend\(/

/** @param source of a test file */
export function needsOwnProcess(source: string): boolean {
  return changes.test(source)
}
