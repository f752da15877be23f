/** What /proc tells of the processor time of a process. */
import { readdir, readFile } from 'node:fs/promises'

/**
 * Milliseconds in user and system mode of all threads that the process has, for Linux, which alone tells. The scheduler counts each of
 * them in nanoseconds; /proc/PID/stat, in hundredths of a second, is too coarse for a single request.
 */
export async function cpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`)
  const spent = await Promise.all(threads.map((thread) => threadNs(pid, thread)))
  return spent.reduce((sum, ns) => sum + ns, 0) / 1e6
}

/** 0 for a thread that has ended meanwhile. */
async function threadNs(pid: number, thread: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')
  return Number(stat.split(' ')[0])
}
