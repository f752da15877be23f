import { describe, expect, it } from 'vitest'
import { declare } from '../../../scripts/front/command.ts'
import { CommandFault } from '../../../scripts/front/fault.ts'
import {
  argument,
  argumentList,
  choice,
  distance,
  flag,
  number,
  requiredText,
  text,
  wholeFrom,
} from '../../../scripts/front/inputs.ts'
import { asksForHelp, readInputs, usageOf } from '../../../scripts/front/read-inputs.ts'

const command = declare({
  name: 'try',
  summary: 'Tries.',
  arguments: {
    folder: argument('folder of people', 'where'),
    files: argumentList('files', 'which'),
  },
  options: {
    out: requiredText('DIR', 'a folder'),
    metric: choice(['l2', 'cohort'], 'which'),
    count: number('N', 'how many', wholeFrom(2), 5),
    near: number('DISTANCE', 'how near', distance),
    noMirror: flag('as they are'),
    trainFolds: text('1,2', 'which folds'),
  },
  examples: ['a b --out c'],
  check: ({ metric, near }) =>
    metric === 'l2' && near !== undefined ? '--near and l2 exclude each other' : undefined,
  run: async () => 0,
})
const read = (line: string) => readInputs(command, line.split(' '))

describe('readInputs', () => {
  it('gives every input by the name that it is declared under, with its default', () => {
    expect(read('a b c --out d')).toEqual({
      folder: 'a',
      files: ['b', 'c'],
      out: 'd',
      metric: undefined,
      count: 5,
      near: undefined,
      noMirror: false,
      trainFolds: undefined,
    })
  })

  it('reads numbers, choices and flags in their places', () => {
    const line = 'a b --no-mirror --out=d --metric cohort --count 7 --near 0.5 --train-folds 1,2'
    expect(read(line)).toMatchObject({
      ...{ noMirror: true, metric: 'cohort', count: 7, near: 0.5, trainFolds: '1,2' },
    })
  })

  it.each([
    ['a b --out c --count 1', '--count is "1", expected a whole number from 2'],
    ['a b --out c --count x', '--count is "x", expected a whole number from 2'],
    ['a b --out c --near -1', '--near is "-1", expected a distance such as 0.5'],
    ['a b --out c --near Infinity', '--near is "Infinity", expected a distance such as 0.5'],
    ['a b --out c --metric L2', '--metric is "L2", expected l2 or cohort'],
    ['a b --out', '--out has no value, expected a folder'],
    ['a b', '--out is missing, expected a folder'],
    ['a b --out c --metric l2 --near 1', '--near and l2 exclude each other'],
    [
      'a b --out c --metrik l2',
      'Unknown option \'--metrik\' (Did you mean --metric?); "npm run try -- --help" shows what there is',
    ],
    ['--out c', usageOf(command)],
  ])('refuses "%s" in one line, with code 2', (line, message) => {
    expect(() => read(line)).toThrow(new CommandFault(message, 2))
    try {
      read(line)
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2, message })
    }
  })

  it('names what is too many', () => {
    const one = declare({
      ...command,
      name: 'one',
      arguments: { folder: argument('folder', 'where') },
      options: {},
    })
    expect(() => readInputs(one, ['a', 'b'])).toThrow('expected one folder, found a, b')
    const none = declare({ name: 'none', summary: 'S.', examples: [''], run: async () => 0 })
    expect(() => readInputs(none, ['a'])).toThrow('expected no argument, found a; usage: npm run ')
  })
})

describe('asksForHelp', () => {
  it.each([
    [['--help'], true],
    [['a', '-h', '--wrong'], true],
    [['a', '--', '--help'], false],
    [[], false],
  ])('%j: %s', (args, expected) => {
    expect(asksForHelp(args)).toBe(expected)
  })
})
