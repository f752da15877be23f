/**
 * Starts something costly at the first call and hands the same to every later one. Calls that arrive while it starts wait
 * for that start; when it fails they all fail, and the next call starts afresh. Pure but for what `start` does.
 */
export function startOnce<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined
  return () => {
    if (started === undefined) {
      const attempt = Promise.resolve().then(start)
      attempt.catch(() => {
        if (started === attempt) started = undefined
      })
      started = attempt
    }
    return started
  }
}
