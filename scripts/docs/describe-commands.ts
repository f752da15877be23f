/** docs/commands.md, from what the commands declare. A test compares the file with this. */
import { type Command, optionName } from '../front/command.ts'
import { loadCommands } from '../front/load-commands.ts'
import { toTable } from '../front/markdown-table.ts'
import { exampleLine, usageOf } from '../front/read-inputs.ts'

const intro = `# Commands

Every command with its options and examples; \`--help\` prints the same. \`npm run write-docs\` writes this page from what the
commands declare.

npm passes on only what follows \`--\`. A command whose option it keeps says what to write, and does nothing. It cannot tell with
\`--local\`, \`--key\`, \`--to\` and \`--head\`, which npm takes for settings of its own: without \`--\` before them they are dropped.

A command that fails says why in one line on standard error. Ctrl-C ends it after a summary of what was done; a second one, half
a second later or more, ends it within a second, also while it computes and cannot answer. \`FACEGATE_DEBUG=1\` shows where an error
came from.

| exit code | means                                                                                                                |
| --------- | -------------------------------------------------------------------------------------------------------------------- |
| 0         | done                                                                                                                 |
| 1         | not done, or not all of it                                                                                           |
| 2         | a command line that cannot be followed: an unknown option, a missing argument, a bad value, a file that is not there |
| 130, 143  | stopped by Ctrl-C or SIGTERM                                                                                         |
`

export async function describeCommands(): Promise<string> {
  const commands = (await loadCommands()).map(({ command }) => command)
  const overview = commands.map((command) => [
    `[\`${shortCall(command)}\`](#${anchorOf(command)})`,
    prose(command.summary),
  ])
  const table = toTable([['command', 'what it does'], ...overview])
  return [intro, table, '', ...commands.map(describeCommand)].join('\n')
}

function describeCommand(command: Command): string {
  const { summary, about, examples } = command
  const inputs = inputsOf(command)
  return [
    `## ${command.name}`,
    '',
    prose(about === undefined ? summary : `${summary} ${about}`),
    '',
    '```sh',
    ...examples.map((example) => exampleLine(command, example)),
    '```',
    '',
    ...(inputs.length === 0
      ? []
      : [
          `\`${usageOf(command).slice('usage: '.length)}\``,
          '',
          toTable([['input', 'what', 'default'], ...inputs]),
          '',
        ]),
  ].join('\n')
}

function inputsOf({ arguments: args, options }: Command): string[][] {
  return [
    ...Object.values(args).map(({ name, about }) => [code(`<${name}>`), prose(about), '']),
    ...Object.entries(options).map(([key, { valueName, about, fallback, isRequired }]) => [
      code(valueName === null ? optionName(key) : `${optionName(key)} ${valueName}`),
      prose(isRequired ? `${about} (required)` : about),
      valueName === null || isRequired || fallback === undefined ? '' : code(`${fallback}`),
    ]),
  ]
}

function shortCall(command: Command): string {
  return exampleLine(command, '')
}

/** As GitHub makes it of the heading. */
function anchorOf({ name }: Command): string {
  return name.replaceAll(/[^\w-]/g, '')
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

/** As it is, wherever it stands: Markdown would read tags and emphasis, and a bar ends the cell of a table. */
function prose(text: string): string {
  return text
    .split('`')
    .map((part, i) =>
      i % 2 === 0 ? part.replaceAll(/[<*|_]/g, '\\$&') : part.replaceAll('|', '\\|'),
    )
    .join('`')
}
