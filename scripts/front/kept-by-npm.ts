/**
 * npm passes on only what follows `--`. Of `npm start --unlock` the command would see nothing, and start without the app: npm keeps the
 * option as a setting of its own, which the environment shows. It shows nothing of `--local`, `--to` and `--head`, which npm
 * reads as `--no-global`, `--token-description` and `--heading`.
 */
import { type Command, optionName } from './command.ts'
import type { Option } from './inputs.ts'

/** A setting that npm has too: it may come from somebody's .npmrc. */
const ofNpm = 'key'

export interface KeptByNpm {
  /** As they were typed, in the order of their declarations. */
  readonly names: readonly string[]
  /** What should have followed `--`. */
  readonly line: string
}

/**
 * The command's options that npm kept; undefined where it kept none.
 *
 * @param given what npm passed on, among it the values of those options: of `--port 9000` it keeps the name only
 */
export function keptByNpm(
  { options }: Pick<Command, 'options'>,
  env: Readonly<Record<string, string | undefined>>,
  given: readonly string[],
): KeptByNpm | undefined {
  const rest = [...given]
  const kept = Object.entries(options).flatMap(([key, option]) => {
    const name = optionName(key)
    const value = key === ofNpm ? undefined : env[settingOf(name)]
    return value === undefined ? [] : [{ name, text: textOf(name, option, value, rest) }]
  })
  if (kept.length === 0) return undefined
  const line = [...rest, ...kept.map(({ text }) => text)].join(' ')
  return { names: kept.map(({ name }) => name), line }
}

/** `--no-augment` is for npm that `augment` is off. */
function settingOf(name: string): string {
  return `npm_config_${name.replace(/^--(no-)?/, '').replaceAll('-', '_')}`
}

/** @param rest loses the value, where one of them alone can be it; else the text names what is expected */
function textOf(
  name: string,
  { valueName, read }: Option<unknown>,
  value: string,
  rest: string[],
): string {
  if (valueName === null) return name
  // Of `--port=9000` npm keeps the value, too.
  if (value !== 'true') return `${name} ${value}`
  const fits = (text: string): boolean =>
    valueName === 'URL' ? text.includes('://') : read(text) !== undefined
  const fitting = rest.filter(fits)
  if (fitting.length !== 1) return `${name} ${valueName}`
  rest.splice(rest.indexOf(fitting[0]!), 1)
  return `${name} ${fitting[0]}`
}
