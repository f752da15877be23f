/**
 * npm passes on only what follows `--`. Of `npm start --unlock` the command would see nothing, and start without the app: npm keeps the
 * option as a setting of its own, which the environment shows.
 */
import { type Command, optionName } from './command.ts'

/** Settings that npm has too: they may come from somebody's .npmrc. */
const ofNpm: ReadonlySet<string> = new Set(['key', 'only'])

/** The first of the command's options that npm kept, as it was typed; undefined where it kept none. */
export function keptByNpm(
  { options }: Pick<Command, 'options'>,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return Object.keys(options)
    .filter((key) => !ofNpm.has(key))
    .map(optionName)
    .find((name) => env[`npm_config_${name.slice(2).replaceAll('-', '_')}`] !== undefined)
}
