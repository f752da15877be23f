/** What the figures of a bench were measured on. */
import { cpus } from 'node:os'

export function machine(): string {
  return `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.versions.node}`
}
