/** Whether the weights of somebody's own network are more than a Worker takes easily. */

/** The project's own networks stay below it together, pages and code included (test/bundle/deployment/deploy.test.ts). */
const easyBytes = 24 * 1024 * 1024

/** null where they are not. @param bytes of all shards */
export function describeSize(name: string, bytes: number): string | null {
  if (bytes <= easyBytes) return null
  return (
    `${name} is large: ${(bytes / 1e6).toFixed(0)} MB. It runs on this machine; Cloudflare takes a bundle of 64 MiB, ` +
    'and gives a Worker 128 MB of memory for it and everything else, so try it deployed before you enroll anybody'
  )
}
