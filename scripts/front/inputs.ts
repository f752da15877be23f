/**
 * What a command takes: arguments by their place, options by their name. Each says what it expects, so that the usage line,
 * the help, docs/commands.md and the message about a bad value all come from one declaration.
 */

/** What a path on the command line has to be. */
export type PathKind = 'file' | 'folder' | 'file or folder' | 'folder or h5 file' | 'file to write'

interface Input<Value> {
  /** One line for the help. */
  readonly about: string
  /** The value names something on disk; it is looked for before the command begins. */
  readonly path?: PathKind
  /** What a value has to be, for the message about one that is not. */
  readonly expected: string
  /** Undefined for a text that is no such value. */
  read(text: string): Value | undefined
}

export interface Argument<Value> extends Input<Value> {
  /** As the usage line shows it. */
  readonly name: string
  /** May come any number of times, once at least. */
  readonly isList: boolean
  readonly isOptional: boolean
}

export interface Option<Value> extends Input<Value> {
  /** What the usage line calls its value; null: it has none, and is either there or not. */
  readonly valueName: string | null
  readonly isRequired: boolean
  readonly fallback: Value
}

const asIs = (text: string): string => text

/** @param name as the usage line shows it */
export function argument(name: string, about: string, path?: PathKind): Argument<string> {
  const kind = path === undefined ? {} : { path }
  return { name, about, ...kind, expected: name, read: asIs, isList: false, isOptional: false }
}

export function optionalArgument(
  name: string,
  about: string,
  path?: PathKind,
): Argument<string | undefined> {
  return { ...argument(name, about, path), isOptional: true }
}

export function argumentList(
  name: string,
  about: string,
  path?: PathKind,
): Argument<readonly string[]> {
  return { ...argument(name, about, path), isList: true, read: (given) => [given] }
}

export function flag(about: string): Option<boolean> {
  return {
    about,
    valueName: null,
    isRequired: false,
    fallback: false,
    expected: 'no value',
    read: () => true,
  }
}

export function text(valueName: string, about: string, path?: PathKind): Option<string | undefined>
export function text(
  valueName: string,
  about: string,
  path: PathKind | undefined,
  fallback: string,
): Option<string>
export function text(
  valueName: string,
  about: string,
  path?: PathKind,
  fallback?: string,
): Option<string | undefined> {
  return {
    about,
    valueName,
    isRequired: false,
    fallback,
    expected: valueName,
    read: asIs,
    ...(path !== undefined && { path }),
  }
}

/** An option without which the command does nothing. */
export function requiredText(valueName: string, about: string, path?: PathKind): Option<string> {
  const kind = path === undefined ? {} : { path }
  return { about, valueName, ...kind, isRequired: true, fallback: '', expected: about, read: asIs }
}

/** Letters of choices that the usage line lists. */
const maxChoicesInUsage = 24

export function choice<const Name extends string>(
  names: readonly Name[],
  about: string,
): Option<Name | undefined>
export function choice<const Name extends string>(
  names: readonly Name[],
  about: string,
  fallback: Name,
): Option<Name>
export function choice<const Name extends string>(
  names: readonly Name[],
  about: string,
  fallback?: Name,
): Option<Name | undefined> {
  const all = names.join('|')
  const isShort = all.length <= maxChoicesInUsage
  return {
    about: isShort ? about : `${about}: ${listOf(names)}`,
    valueName: isShort ? all : 'NAME',
    isRequired: false,
    fallback,
    expected: listOf(names),
    read: (text) => names.find((name) => name === text),
  }
}

export interface NumberLimits {
  /** As the message about a bad value says it. */
  readonly expected: string
  isFine(value: number): boolean
}

export function wholeFrom(least: number): NumberLimits {
  return {
    expected: `a whole number from ${least}`,
    isFine: (value) => Number.isInteger(value) && value >= least,
  }
}

/** How far two encodings may lie apart. */
export const distance: NumberLimits = {
  expected: 'a distance such as 0.5',
  isFine: (value) => value > 0,
}

export const positive: NumberLimits = {
  expected: 'a number above 0',
  isFine: (value) => value > 0,
}

export const maxPort = 65_535

export const portNumber: NumberLimits = {
  expected: `a number from 1 to ${maxPort}`,
  isFine: (value) => Number.isInteger(value) && value >= 1 && value <= maxPort,
}

export const anyNumber: NumberLimits = { expected: 'a number', isFine: () => true }

export function number(
  valueName: string,
  about: string,
  limits: NumberLimits,
): Option<number | undefined>
export function number(
  valueName: string,
  about: string,
  limits: NumberLimits,
  fallback: number,
): Option<number>
export function number(
  valueName: string,
  about: string,
  { expected, isFine }: NumberLimits,
  fallback?: number,
): Option<number | undefined> {
  return {
    about,
    valueName,
    isRequired: false,
    fallback,
    expected,
    read(text) {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return Number.isFinite(value) && isFine(value) ? value : undefined
    },
  }
}

/** `a, b or c` */
function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
