/** What /proc tells of the processor time of a process. */
import { readFile } from 'node:fs/promises'

/** Linux counts in hundredths of a second, on every machine that Node runs on. */
const msPerTick = 10

/** Milliseconds in user and system mode since the process began, of all its threads; for Linux, which alone tells. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}
