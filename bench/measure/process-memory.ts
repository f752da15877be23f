/** What /proc tells of the memory of the workerd processes that a bench started. */
import { readFile } from 'node:fs/promises'

/** The workerd processes that this process started; none where /proc does not tell. */
export async function workerdPids(): Promise<number[]> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '')
  const pids: number[] = []
  for (const pid of children.trim().split(' ').filter(Boolean).map(Number)) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if (name.startsWith('workerd')) pids.push(pid)
  }
  return pids
}

export function residentBytes(pid: number): Promise<number> {
  return statusBytes(pid, 'VmRSS')
}

/** Since the process began. */
export function peakBytes(pid: number): Promise<number> {
  return statusBytes(pid, 'VmHWM')
}

async function statusBytes(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024
}
