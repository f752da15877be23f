/** As `Promise.all`, but an error comes when all have ended: who stops the process then leaves nothing running that it started. */
export async function allEnded<T>(running: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(running)
  return await Promise.all(running)
}
