/**
 * A command as it is declared: its name in package.json, what it takes, an example of each use, and what it does. Everything
 * that a person reads about it comes from the declaration.
 */
import type { Argument, Option } from './inputs.ts'

export type Arguments = Readonly<Record<string, Argument<unknown>>>
export type Options = Readonly<Record<string, Option<unknown>>>

export type ValuesOf<Inputs> = {
  readonly [Key in keyof Inputs]: Inputs[Key] extends Argument<infer Value>
    ? Value
    : Inputs[Key] extends Option<infer Value>
      ? Value
      : never
}

/** 0: all was done; 1: something was not, and the command said what. */
export type Outcome = 0 | 1

export interface RunContext {
  /** The command line as it was typed, for what is written down with results. */
  readonly typed: string
  /**
   * Called when Ctrl-C, a signal or a fault ends the command early, to end what it started. What it returns is printed: the
   * summary of what was done until then.
   */
  onStop(end: () => string | undefined | Promise<string | undefined>): void
}

export interface Declaration<Args, Opts> {
  /** As `npm run <name>` calls it. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** More, where one line does not do. */
  readonly about?: string
  /** What follows the name in the usage line, where the inputs alone do not say it. */
  readonly usage?: string
  /** Programs read what it prints: npm is to print nothing of its own. */
  readonly printsData?: boolean
  /** In the order of their places. */
  readonly arguments: Args
  /** By their names in camel case: `allowDuplicate` is --allow-duplicate. */
  readonly options: Opts
  /** What follows the name, one for each way to use the command. */
  readonly examples: readonly [string, ...string[]]
}

/** @typeParam Values of arguments and options, by the names that they are declared under */
export interface Command<Values = never> extends Declaration<Arguments, Options> {
  /** What is wrong with values that do not go together; undefined when they do. */
  check?(values: Values): string | undefined
  run(values: Values, context: RunContext): Promise<Outcome>
}

type Optional<Type, Key extends keyof Type> = Omit<Type, Key> & Partial<Pick<Type, Key>>

export function declare<
  Args extends Arguments = Record<never, never>,
  Opts extends Options = Record<never, never>,
>(
  command: Optional<Declaration<Args, Opts>, 'arguments' | 'options'> & {
    check?(values: ValuesOf<Args> & ValuesOf<Opts>): string | undefined
    run(values: ValuesOf<Args> & ValuesOf<Opts>, context: RunContext): Promise<Outcome>
  },
): Command<ValuesOf<Args> & ValuesOf<Opts>> {
  return { arguments: {}, options: {}, ...command }
}

/** How a person calls it: `npm start --` for the two that npm knows by name. */
export function callOf({ name, printsData }: Pick<Command, 'name' | 'printsData'>): string {
  if (name === 'start' || name === 'test') return `npm ${name} --`
  return `npm run ${printsData ? '-s ' : ''}${name} --`
}

/** allowDuplicate -> --allow-duplicate */
export function optionName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
