/**
 * Says which segments are the packed gallery (docs/storage.md): JSON text in one KV key. A rebuild in progress is kept apart
 * from the served segments until it is complete. Reading and writing are both here. Pure.
 */
import { z } from 'zod'
import { beginning, storedPosition } from '../../identity/directory/log-position.ts'
import { parseJson } from '../../lib/parse-json.ts'

const manifestFormat = 1

const segmentRef = z.strictObject({
  /** Unique, never used again. */
  name: z.string().min(1),
  people: z.int().min(0),
  deletions: z.int().min(0),
  /** It holds the changes after the first of these up to the second. */
  afterSeq: storedPosition,
  seq: storedPosition,
})

const line = {
  /** The last changes of the directory's log that are in the segments. */
  seq: storedPosition,
  /** Where the log was when the first segment was begun: earlier deletions concern nobody in the segments. */
  begunSeq: storedPosition,
  begunAtMs: z.int().min(0),
  /** A later one overrules an earlier one. */
  segments: z.array(segmentRef),
}

const storedManifest = z.strictObject({
  format: z.literal(manifestFormat),
  /** Grows by one with each manifest. */
  generation: z.int().min(1),
  builtAtMs: z.int().min(0),
  ...line,
  /** A complete rebuild in progress. */
  rebuild: z.strictObject(line).optional(),
  /** Segments served until then; an old manifest that is still cached may name them. */
  retired: z.array(z.strictObject({ name: z.string().min(1), atMs: z.int().min(0) })),
})

/** Segments that follow one another. */
export type SegmentSet = Readonly<z.output<ReturnType<typeof z.strictObject<typeof line>>>>
export type Manifest = Readonly<z.output<typeof storedManifest>>

export const emptyLine: SegmentSet = {
  seq: beginning,
  begunSeq: beginning,
  begunAtMs: 0,
  segments: [],
}

export function serializeManifest(manifest: Omit<Manifest, 'format'>): string {
  return JSON.stringify({ format: manifestFormat, ...manifest })
}

/** Null when the text is not a manifest of this format. */
export function parseManifest(text: string): Manifest | null {
  const parsed = storedManifest.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}
