/** What the Worker reads from its environment, from the schema that checks it. */
import { environment } from '../../src/settings/environment.ts'
import { toTable } from '../front/markdown-table.ts'

export function describeSettings(): string {
  const rows = Object.entries(environment.shape).map(([name, type]) => {
    if (type.description === undefined) throw new Error(`${name} has no description`)
    return [`\`${name}\``, defaultOf(type), type.description]
  })
  return toTable([['setting', 'unless set', 'what it is'], ...rows])
}

/** What holds when it is absent; "required" when nothing does. */
function defaultOf(type: (typeof environment.shape)[keyof typeof environment.shape]): string {
  const { success, data } = type.safeParse(undefined)
  if (!success) return 'required'
  if (data === undefined || (Array.isArray(data) && data.length === 0)) return ''
  return `\`${data}\``
}
