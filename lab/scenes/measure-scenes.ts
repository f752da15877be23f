/**
 * Scenes from a seed through the pipeline, and what came of them as tables and a plot: how well faces are found however a photo was
 * taken. The photos stay where they are: nothing of them is written but the scenes that went wrong, to a folder that is asked for.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import encodeJpeg, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js'
import { progressBar } from '../../scripts/front/progress.ts'
import { compileWasm, nodeAssets } from '../../scripts/setup/node-engine.ts'
import { opaque } from '../../scripts/setup/opaque.ts'
import { findVerification } from '../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import { type EncodedPhoto, encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { plotSvg } from '../plots/plot-svg.ts'
import { drawScene } from './draw-scene.ts'
import {
  type GroupResult,
  type Judge,
  type Reference,
  runGroup,
  runSingle,
  type SingleResult,
} from './run-scene.ts'
import { emptyScene, groupScene, type Scene, shapes, singleScene } from './scene.ts'
import { groupsTable, matchedBySize, singlesTable } from './scene-table.ts'
import { lfwSources, type SourceFace, sampleSources } from './source-faces.ts'

export interface SceneOptions {
  /** Folder of LFW's people; the sample people unless given. */
  readonly images?: string
  /** Every other person, from the first or the second on; everybody unless given. */
  readonly half?: 0 | 1
  /** Scenes of each kind. */
  readonly count: number
  readonly seed: number
  /** Where scenes are kept that went wrong; nowhere unless given. */
  readonly failures?: string
}

/** Beyond, nothing is learned from more of them. */
const mostPeople = 400

const kinds = [
  ['upright', { turned: false, tilted: false, faulty: false }],
  ['turned', { turned: true, tilted: false, faulty: false }],
  ['tilted', { turned: false, tilted: true, faulty: false }],
  ['spoilt', { turned: true, tilted: true, faulty: true }],
] as const

/** People, their photos, and what they are compared with. */
interface Cast {
  readonly sources: readonly SourceFace[]
  readonly photos: ReadonlyMap<string, RgbImage>
  readonly judge: Judge
}

export interface SceneResults {
  readonly model: string
  readonly people: number
  /** By their kind: upright, turned, tilted, spoilt. */
  readonly singles: ReadonlyMap<string, readonly SingleResult[]>
  readonly groups: ReadonlyMap<string, readonly GroupResult[]>
  readonly empty: readonly GroupResult[]
}

/** Tables in Markdown, and a plot in `out`. @throws Error when what is packed has no thresholds */
export async function measureScenes(options: SceneOptions & { out: string }): Promise<string> {
  const results = await runScenes(options)
  await mkdir(options.out, { recursive: true })
  await writeFile(join(options.out, 'scenes.svg'), plot(results))
  const { people, model } = results
  return `${people} people, ${model}, seed ${options.seed}\n\n${describe(results)}`
}

/** @throws Error when what is packed has no thresholds */
export async function runScenes(options: SceneOptions): Promise<SceneResults> {
  const { count, seed } = options
  await initJpegEncoder(await compileWasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
  const cast = await gather(options)
  const bar = progressBar('scenes')
  bar.start(count * (kinds.length * 2 + 1))
  const singles = new Map<string, SingleResult[]>()
  const groups = new Map<string, GroupResult[]>()
  for (const [kind, wishes] of kinds) {
    const [ones, several]: [SingleResult[], GroupResult[]] = [[], []]
    singles.set(kind, ones)
    groups.set(kind, several)
    for (let i = 0; i < count; i++) {
      const random = new SeededRandom(seed, kind, i)
      const single = singleScene(random, seed * 100_000 + i, cast.sources, wishes)
      const photo = await photograph(cast, single)
      const result = await runSingle(cast.judge, single, photo)
      ones.push(result)
      if (result.outcome !== 'matched') {
        await keep(options, `${kind}-${result.outcome}-${single.seed}`, photo)
      }
      bar.step()
      const group = groupScene(random, seed * 100_000 + 50_000 + i, cast.sources, wishes)
      several.push(await runSeveral(options, cast, kind, group))
      bar.step()
    }
  }
  const empty: GroupResult[] = []
  for (let i = 0; i < count; i++) {
    const scene = emptyScene(new SeededRandom(seed, 'empty', i), seed * 100_000 + 90_000 + i)
    empty.push(await runSeveral(options, cast, 'empty', scene))
    bar.step()
  }
  bar.stop()
  return { model: cast.judge.models.model, people: cast.sources.length, singles, groups, empty }
}

async function runSeveral(
  options: SceneOptions,
  cast: Cast,
  kind: string,
  scene: Scene,
): Promise<GroupResult> {
  const photo = await photograph(cast, scene)
  const result = await runGroup(cast.judge, scene, photo)
  const missed = scene.people.length - result.found
  if (missed + result.invented > 0) {
    await keep(options, `${kind}-missed${missed}-invented${result.invented}-${scene.seed}`, photo)
  }
  return result
}

async function gather({ images, half, seed }: SceneOptions): Promise<Cast> {
  const models = await loadModels(await nodeAssets())
  const { threshold, metric } = findVerification(readCalibrationTable(), models.model, {
    encodings: 1,
  })
  const all = images ? await lfwSources(images, half) : await sampleSources()
  const photos = new Map<string, RgbImage>()
  const references = new Map<string, Reference>()
  const sources: SourceFace[] = []
  const shuffled = new SeededRandom(seed, 'people').shuffled(all)
  const spare = shuffled.splice(mostPeople)
  for (const wanted of shuffled) {
    // Of people whose own photo cannot be enrolled nothing can be asked. Others stand in for them, so that everybody else is in the same scenes
    // whoever the gate refuses.
    for (let source: SourceFace | undefined = wanted; source; source = spare.shift()) {
      const bytes = new Uint8Array(await readFile(source.file))
      const enrolled = await enroll(models, bytes)
      if (!enrolled) continue
      const { encoding, suspicion } = enrolled
      references.set(source.person, {
        place: prepareEncoding(metric, encoding),
        suspicion: suspicion?.enrollment,
      })
      photos.set(source.file, await decodePhoto(bytes, models.codecs))
      sources.push(source)
      break
    }
  }
  const referenceOf = (person: string): Reference => references.get(person)!
  return { sources, photos, judge: { models, metric, threshold, referenceOf } }
}

async function enroll(models: Models, photo: Uint8Array): Promise<EncodedPhoto | null> {
  try {
    const options = { mirror: true, faces: 'main', purpose: 'enrollment' } as const
    return await encodePhoto(models, photo, options)
  } catch (error) {
    if (error instanceof FaceError) return null
    throw error
  }
}

async function photograph({ sources, photos }: Cast, scene: Scene): Promise<Uint8Array> {
  const random = new SeededRandom(scene.seed, 'camera')
  const backdrop = sources[random.below(sources.length)]!
  const { width, height, data } = drawScene(
    scene,
    ({ source }) => photos.get(source.file)!,
    photos.get(backdrop.file)!,
  )
  const quality = scene.fault === 'compressed' ? random.between(25, 45) : random.between(75, 95)
  const picture = { width, height, data: opaque(data), colorSpace: 'srgb' } as const
  const options = { quality: Math.round(quality), progressive: false }
  return new Uint8Array(await encodeJpeg(picture, options))
}

async function keep({ failures }: SceneOptions, name: string, photo: Uint8Array): Promise<void> {
  if (failures === undefined) return
  await mkdir(failures, { recursive: true })
  await writeFile(join(failures, `${name}.jpg`), photo)
}

function describe({ singles, groups, empty }: SceneResults): string {
  const plain = [...singles.get('upright')!, ...singles.get('turned')!]
  const byTurn = ([0, 90, 180, 270] as const).map(
    (turn) => [`turned by ${turn}`, plain.filter(({ scene }) => scene.turn === turn)] as const,
  )
  const byShape = Object.keys(shapes).map(
    (shape) => [shape, plain.filter(({ scene }) => scene.shape === shape)] as const,
  )
  const byFault = Map.groupBy(singles.get('spoilt')!, ({ scene }) => scene.fault)
  return (
    `${singlesTable([...singles, ...byTurn, ...byShape, ...byFault])}\n\n` +
    groupsTable([...groups, ['nobody there', empty]])
  )
}

function plot({ singles }: SceneResults): string {
  return plotSvg({
    title: 'Faces that match their own photo, by their size',
    x: { label: "width of the face / photo's shorter side", scale: 'log' },
    y: { label: 'share of the scenes', range: [0, 1] },
    lines: [...singles].map(([kind, results]) => matchedBySize(kind, results)),
    legend: 'right bottom',
  })
}
