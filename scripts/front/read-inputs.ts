/**
 * The command line -> the values that a command declared, or a CommandFault with exit code 2 that says in one line what is
 * wrong; and the help. commander does the reading.
 */
import {
  Argument as CommanderArgument,
  Command as CommanderCommand,
  CommanderError,
  Option as CommanderOption,
} from 'commander'
import { type Command, callOf, optionName } from './command.ts'
import { CommandFault } from './fault.ts'
import type { Argument, Option } from './inputs.ts'
import { keptByNpm } from './kept-by-npm.ts'

/** More options than this are left to --help. */
const maxOptionsInUsage = 6
const helpWidth = 110

/** Throws CommandFault with exit code 2. */
export function readInputs<Values>(command: Command<Values>, args: readonly string[]): Values {
  const kept = keptByNpm(command, process.env, args)
  if (kept !== undefined) {
    const call = `${callOf(command)} ${kept.line}`
    throw new CommandFault(`npm kept ${kept.names.join(', ')} for itself, expected "${call}"`, 2)
  }
  const parser = toParser(command)
  try {
    parser.parse(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) throw new CommandFault(toFault(command, error), 2)
    throw error
  }
  const given = parser.opts()
  const values: Record<string, unknown> = {}
  for (const [i, [key, argument]] of Object.entries(command.arguments).entries()) {
    const found: string | readonly string[] | undefined = parser.processedArgs[i]
    values[key] = argument.isList ? (found ?? []) : found
  }
  for (const [key, { fallback, isRequired, expected }] of Object.entries(command.options)) {
    const option = parser.options.find(({ long }) => long === optionName(key))!
    const value = given[option.attributeName()]
    // Asked for here and not by commander, which would say so before it says which option there is not.
    if (isRequired && value === undefined) {
      throw new CommandFault(`${optionName(key)} is missing, expected ${expected}`, 2)
    }
    // `--no-augment` is for commander the end of an `augment` that is on.
    values[key] = option.negate ? value === false : (value ?? fallback)
  }
  const fault = command.check?.(values as Values)
  if (fault !== undefined) throw new CommandFault(fault, 2)
  return values as Values
}

/** True when the command line asks for the help, wherever in it. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === '--help' || arg === '-h')
}

export function helpOf(command: Command): string {
  const examples = command.examples.map((example) => `  ${exampleLine(command, example)}`)
  return `${toParser(command).helpInformation()}\nExamples:\n${examples.join('\n')}\n`
}

export function exampleLine(command: Command, example: string): string {
  const call = callOf(command)
  return example === '' ? call.replace(/ --$/, '') : `${call} ${example}`
}

/** One line, without a line break. */
export function usageOf(command: Command): string {
  const tail = usageTail(command)
  return `usage: ${tail === '' ? callOf(command).replace(/ --$/, '') : `${callOf(command)} ${tail}`}`
}

function usageTail({ usage, arguments: args, options }: Command): string {
  if (usage !== undefined) return usage
  const entries = Object.entries(options)
  const required = entries.filter(([, { isRequired }]) => isRequired)
  const others = entries.filter(([, { isRequired }]) => !isRequired)
  const shown =
    others.length > maxOptionsInUsage
      ? ['[options]']
      : others.map(([key, option]) => `[${flagsOf(key, option).replaceAll(/[<>]/g, '')}]`)
  const places = Object.values(args).map(placeOf)
  const wanted = required.map(([key, option]) => flagsOf(key, option).replaceAll(/[<>]/g, ''))
  return [...places, ...wanted, ...shown].join(' ')
}

function placeOf({ name, isOptional }: Argument<unknown>): string {
  return isOptional ? `[${name}]` : `<${name}>`
}

function flagsOf(key: string, { valueName }: Option<unknown>): string {
  return valueName === null ? optionName(key) : `${optionName(key)} <${valueName}>`
}

function toParser(command: Command): CommanderCommand {
  const parser = new CommanderCommand()
    .description([command.summary, command.about].filter(Boolean).join('\n\n'))
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .configureHelp({ helpWidth, commandUsage: () => usageOf(command).replace(/^usage: /, '') })
    .helpOption('-h, --help', 'show this')
  for (const argument of Object.values(command.arguments)) {
    const list = argument.isList ? '...' : ''
    const brackets = argument.isOptional ? ['[', ']'] : ['<', '>']
    parser.addArgument(
      new CommanderArgument(`${brackets[0]}${argument.name}${list}${brackets[1]}`, argument.about),
    )
  }
  for (const [key, option] of Object.entries(command.options)) {
    parser.addOption(toOption(key, option))
  }
  return parser
}

function toOption(key: string, option: Option<unknown>): CommanderOption {
  const { about, expected, fallback, isRequired, valueName } = option
  const made = new CommanderOption(flagsOf(key, option), about)
  if (fallback !== undefined && valueName !== null && !isRequired) made.default(fallback)
  if (valueName === null) return made
  return made.argParser((text: string) => {
    const value = option.read(text)
    if (value !== undefined) return value
    throw new CommandFault(`${optionName(key)} is "${text}", expected ${expected}`, 2)
  })
}

/** What commander found wrong, in one line of ours. */
function toFault(command: Command, { code, message }: CommanderError): string {
  if (code === 'commander.missingArgument') return usageOf(command)
  if (code === 'commander.excessArguments') return tooMany(command, message)
  const named = Object.entries(command.options).find(([key]) =>
    message.includes(`'${optionName(key)} `),
  )
  if (named !== undefined) {
    const [key, { expected }] = named
    return `${optionName(key)} has no value, expected ${expected}`
  }
  const text = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  const sentence = `${text[0]!.toUpperCase()}${text.slice(1)}`
  return `${sentence}; "${callOf(command)} --help" shows what there is`
}

function tooMany(command: Command, message: string): string {
  const names = Object.values(command.arguments).map(placeOf)
  const expected =
    names.length === 1 ? `one ${names[0]!.slice(1, -1)}` : names.join(' ') || 'no argument'
  const found = message.replace(/^.*got \d+: /, '').replace(/\.$/, '')
  return `expected ${expected}, found ${found}; ${usageOf(command)}`
}
