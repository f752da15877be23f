/** npm run generate: clients and collections made from the contract, for whoever does not call from TypeScript. */
import { writeFile } from 'node:fs/promises'
import { describeApi } from '../src/api/contract/openapi.ts'
import { asServed, type OpenApi } from '../src/api/contract/openapi-shape.ts'
import { endpoints } from '../src/api/endpoints.ts'
import { describePostmanCollection } from './contract/describe-postman-collection.ts'
import { describePythonClient } from './contract/python/describe-python-client.ts'
import { declare } from './front/command.ts'
import { argument } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'

const kinds: Readonly<Record<string, (document: OpenApi) => string>> = {
  openapi: (document) => `${JSON.stringify(document, null, 2)}\n`,
  python: describePythonClient,
  postman: (document) =>
    `${JSON.stringify(describePostmanCollection(document, 'http://127.0.0.1:8787'), null, 2)}\n`,
}

export const command = declare({
  name: 'generate',
  summary:
    'Writes a client for Python, or a collection for Postman and Bruno, made from the contract.',
  about:
    'KIND is python: one file without packages; postman: a collection of format 2.1, which Bruno and Insomnia import too; openapi: the ' +
    'document that a running Worker serves as /openapi.json, for generators of other languages (docs/client.md).',
  arguments: {
    kind: argument(Object.keys(kinds).join('|'), 'what to write'),
    file: argument('file', 'where to write it', 'file to write'),
  },
  examples: [
    'python facegate.py',
    'postman facegate.postman_collection.json',
    'openapi openapi.json',
  ],
  check: ({ kind }) =>
    kind in kinds ? undefined : `kind is "${kind}", expected ${Object.keys(kinds).join(', ')}`,
  async run({ kind, file }) {
    await writeFile(file, kinds[kind]!(asServed(describeApi(endpoints))))
    console.log(`written to ${file}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
