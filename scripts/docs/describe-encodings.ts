/** What becomes of one portrait in each encoding: rows that test/image/encodings.soak.test.ts has measured. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { toTable } from '../front/markdown-table.ts'
import { projectRoot } from '../front/project-root.ts'

const rowsSchema = z.array(
  z.union([
    z.strictObject({ encoding: z.string(), distance: z.number() }),
    z.strictObject({ encoding: z.string(), code: z.string(), detail: z.string() }),
  ]),
)

export function describeEncodings(): string {
  const file = join(projectRoot, 'docs', 'photos', 'encodings.json')
  const rows = rowsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return toTable([
    ['encoding', 'outcome', 'distance'],
    ...rows.map((row) =>
      'code' in row
        ? [row.encoding, `\`${row.code}\``, '']
        : [row.encoding, 'accepted', row.distance.toFixed(2)],
    ),
  ])
}
