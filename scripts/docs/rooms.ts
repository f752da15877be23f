/** The rooms of the house from the top floor down: what each is for, and so which way imports may run (test/architecture.test.ts). */

export interface Room {
  readonly path: string
  readonly what: string
}

/**
 * A file may import from its own room and from those below, from no room above. A room that is named inside another stands on a
 * floor of its own.
 */
export const rooms: readonly Room[] = [
  {
    path: 'bench',
    what: 'what networks, requests, searches and training cost, compared with others in the same run',
  },
  { path: 'lab', what: 'commands that measure accuracy, calibrate and train' },
  { path: 'lab/quality', what: 'how bad a photo may be' },
  {
    path: 'lab/condition/spoilt',
    what: 'what the gate, and the stricter threshold, are worth with spoilt photos',
  },
  { path: 'lab/condition', what: 'photos made unfit, and heads that recognize them' },
  {
    path: 'lab/condition/draw',
    what: 'what is laid over a photo of a face, in its own measure: pure',
  },
  { path: 'lab/condition/fit', what: 'heads fitted to numbers of faces: pure' },
  { path: 'lab/training', what: 'START HERE: trainer.ts; the triplet loss trains an encoder' },
  { path: 'lab/training/photos', what: 'which photo, as which variant, in which batch' },
  { path: 'lab/training/passes', what: 'every layer forwards and back' },
  { path: 'lab/training/backend', what: 'kernels of training on tfjs’s WASM heap' },
  { path: 'lab/encoders', what: 'projections fitted; encoders measured side by side' },
  { path: 'lab/accuracy', what: 'photos encoded and measured; calibrations and reports written' },
  { path: 'lab/accuracy/fit', what: 'metric and thresholds, fitted to labelled faces' },
  { path: 'lab/accuracy/rates', what: 'rates, intervals and tails of distances' },
  { path: 'lab/scenes', what: 'photos as phones take them, made from a seed' },
  {
    path: 'lab/liveness',
    what: 'attacks, real heads that turn, and what tells them apart',
  },
  { path: 'lab/liveness/fit', what: 'limits and weights, fitted to turns' },
  {
    path: 'lab/liveness/drawn',
    what: 'photos, masks and heads drawn in space, as a camera sees them',
  },
  { path: 'lab/plots', what: 'curves as SVG' },
  { path: 'lab/datasets', what: 'labelled pairs' },
  { path: 'lab/exercise', what: 'the FaceNet exercise: its numbers, its door' },
  { path: 'lab/learning', what: 'triplet loss, mining, ROC: pure' },
  { path: 'scripts', what: 'the commands, one per file' },
  {
    path: 'scripts/upkeep',
    what: 'commands for whoever changes the project: generated pages, the lock file',
  },
  { path: 'scripts/docs', what: 'what documentation is generated from' },
  { path: 'scripts/docs/measured', what: 'tables of what commands of the lab measured' },
  {
    path: 'scripts/contract',
    what: 'schemas printed as TypeScript; the answers that /docs shows, recorded',
  },
  { path: 'scripts/unlock', what: 'the example app beside a local Worker, for phones over https' },
  {
    path: 'scripts/start',
    what: 'the Worker on this machine, its sample people, and what is said of them',
  },
  { path: 'scripts/people', what: 'enrolling, importing, exporting people from the command line' },
  { path: 'scripts/photos', what: 'who is on which photo on disk, or in an h5 file' },
  { path: 'scripts/liveness', what: 'fetches, reads and bundles the liveness networks' },
  {
    path: 'scripts/encoder',
    what: 'fetches, reads and chooses encoders; projections of their encodings',
  },
  { path: 'scripts/setup', what: 'kernels, pages, samples, local keys; the engine in Node' },
  { path: 'scripts/kernels', what: 'AssemblyScript, partly generated, compiled to WebAssembly' },
  { path: 'scripts/weights', what: 'CSV files in, shards out' },
  {
    path: 'scripts/weights/graphs',
    what: 'reads ONNX files and OpenVINO IRs into layers of ours',
  },
  { path: 'scripts/front', what: 'the common front of all commands' },
  { path: 'scripts/files', what: 'files that appear whole or not at all' },
  { path: 'src', what: 'the Worker: entry, wiring, one call of one endpoint' },
  { path: 'src/settings', what: 'what the Worker reads from its environment' },
  { path: 'src/site', what: 'the pages /, /admin and /docs' },
  { path: 'src/api', what: 'the list of endpoints' },
  { path: 'src/api/endpoints', what: 'one file per endpoint' },
  { path: 'src/api/contract', what: 'what an endpoint is; answers; OpenAPI; routes' },
  { path: 'src/api/request', what: 'reads and checks bodies, photos and fields' },
  { path: 'src/api/answer', what: 'problems, headers, streams, the audit line' },
  {
    path: 'src/people/claim',
    what: 'a claim to be somebody: counted, judged, compared with rivals',
  },
  { path: 'src/people/lines', what: 'people as lines of a file: exported, read back, stored' },
  { path: 'src/people', what: 'operations on people; no HTTP' },
  { path: 'src/decision', what: 'thresholds, match, no_match or ambiguous, liveness' },
  { path: 'src/gallery', what: 'everybody enrolled, to be searched by face' },
  { path: 'src/gallery/kv', what: 'the index for up to 10,000 people' },
  { path: 'src/gallery/packed', what: 'for up to 200,000' },
  { path: 'src/gallery/vectorize', what: 'for more' },
  { path: 'src/gallery/search', what: 'the contract of a gallery, scanning and ranking' },
  {
    path: 'src/identity',
    what: 'records, the store that keeps them, encryption, tokens of sessions',
  },
  {
    path: 'src/identity/objects',
    what: 'the object of a person, the object of a session, the copies in KV',
  },
  {
    path: 'src/identity/directory',
    what: 'the list of everybody, in parts: rows, log of changes, merging',
  },
  { path: 'src/identity/reach', what: 'where objects live; what happens to a call that fails' },
  {
    path: 'src/guard/caller',
    what: 'who calls: keys and roles, what a key may cost, the audit line',
  },
  { path: 'src/guard', what: 'attempts and lockouts, sessions, challenges, receipts' },
  { path: 'src/engine', what: 'START HERE: pipeline.ts, from a photo to an encoding' },
  {
    path: 'src/engine/stages',
    what: 'its stages: views of a photo, faces found, examined, measured, encoded',
  },
  { path: 'src/encoding/metrics', what: 'what distance means: one file per metric' },
  { path: 'src/encoding', what: 'the geometry of encodings: length, distance, template, texts' },
  {
    path: 'src/liveness',
    what: 'whether a sequence of frames shows one live head: poses, relief, copies',
  },
  { path: 'src/liveness/relief', what: 'how far parts of a face lie before or behind each other' },
  { path: 'src/liveness/frames', what: 'what is kept of one frame: chip, print, pose' },
  { path: 'src/liveness/algebra', what: 'homographies, eigenvectors, linear equations' },
  { path: 'src/gate', what: 'rules that a face must pass to be compared or enrolled' },
  {
    path: 'src/face/chips',
    what: 'how faces are cut out: one row for each kind of chip',
  },
  { path: 'src/face', what: 'detector, landmarks, alignment, quality' },
  { path: 'src/face/condition', what: 'what covers or spoils a face, by heads learned in the lab' },
  { path: 'src/face/networks', what: 'their tables' },
  { path: 'src/encoder', what: 'the tables of the encoders; chip to encoding' },
  { path: 'src/network', what: 'tables of layers, shards, backend, running a network' },
  { path: 'src/image/decode', what: 'bytes to an upright RGB image; one row per format' },
  { path: 'src/image', what: 'turning, scaling, cutting squares out' },
  { path: 'src/lib', what: 'small and pure, used by two rooms or more' },
  { path: 'src/errors', what: 'every way to fail, one row each' },
  {
    path: 'src/site/browser/demo',
    what: 'the page /: a photo and a question, and what the service answers',
  },
  { path: 'src/site/browser/admin', what: 'the page /admin: managing people' },
  { path: 'src/site/browser/reference', what: 'the page /docs: search and copy buttons' },
  { path: 'src/site/browser', what: 'what pages share in the browser' },
  { path: 'client', what: 'the npm package that calls the service; imports nothing' },
]
