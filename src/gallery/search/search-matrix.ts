/**
 * A search: the matrix says who may be near enough, the records say how far away they are. The result is that of comparing
 * with every record there is an entry for, or with those of the best candidates when there are too many to read.
 */
import { isUsableEncoding } from '../../encoding/encoding.ts'
import { prepareEncoding } from '../../encoding/metrics/metric.ts'
import type { SearchOptions, SearchResult } from './gallery.ts'
import { proposeCandidates } from './propose-candidates.ts'
import { type RecordReader, rankPeople } from './rank-people.ts'
import type { TemplateMatrix } from './template-matrix.ts'

/** @param mostRecords people whose records may be read; no limit unless given */
export async function searchMatrix(
  matrix: TemplateMatrix,
  model: string,
  probe: Float32Array,
  options: SearchOptions,
  reader: RecordReader,
  mostRecords?: number,
): Promise<SearchResult> {
  if (!isUsableEncoding(probe)) return { people: [], unreadable: [] }
  const place = prepareEncoding(options.metric, probe)
  const candidates = proposeCandidates(place, options, (vector, scan) =>
    matrix.scan(vector, { ...scan, most: mostRecords }),
  )
  return await rankPeople(candidates, model, place, options, reader)
}
