/**
 * `wrangler dev` and what else serves a Worker locally keep a trace of each call that the Worker makes, in a database within the same
 * process: some four milliseconds of the processor for a `/verify`, which no Worker on Cloudflare pays. Benches of requests leave it out.
 */
export function leaveOutTraces(): void {
  process.env.X_LOCAL_OBSERVABILITY = 'false'
}
