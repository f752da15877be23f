/** Requests with a live key and a hostile rest: bodies of each kind, paths, query strings, headers. */
import fc from 'fast-check'
import { fakeEncoding, fakeModel } from '../support/app/fake-engine.ts'
import { adminKey } from '../support/app/test-app.ts'
import { hostilePhoto, photo } from './hostile-photos.ts'
import { encode, join, mutated } from './mutate.ts'

export interface HostileRequest {
  readonly kind: string
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Somebody who is enrolled, so that what is looked at is the photo. */
export const knownId = 'fuzz-known'

const boundary = 'fuzz'

interface Target {
  readonly path: string
  readonly method: string
  /** Fields of photos. */
  readonly photos: readonly string[]
  readonly takesRaw: boolean
}

const targets: readonly Target[] = [
  { path: '/verify', method: 'POST', photos: ['image'], takesRaw: true },
  { path: '/recognize', method: 'POST', photos: ['image'], takesRaw: true },
  { path: '/compare', method: 'POST', photos: ['left', 'right'], takesRaw: false },
  { path: '/detect', method: 'POST', photos: ['image'], takesRaw: true },
  { path: '/encode', method: 'POST', photos: ['image'], takesRaw: true },
  { path: '/admin/identities/fuzz', method: 'PUT', photos: ['image'], takesRaw: true },
  {
    path: `/admin/identities/${knownId}/images`,
    method: 'POST',
    photos: ['image'],
    takesRaw: true,
  },
]
const target = fc.constantFrom(...targets)

const fieldName = fc.oneof(
  fc.constantFrom('identity', 'fmr', 'limit', 'name', 'allowDuplicate', 'threshold', 'images'),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'identity[]', 'image"; x="'),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const fieldText = fc.oneof(
  fc.constantFrom('', '../../etc/passwd', 'eve\u0000', '1e999', '-0', 'NaN', '0x10', 'true'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ minLength: 200, maxLength: 4000 }),
)

function part(head: string, content: Uint8Array): Uint8Array {
  return join(encode(`--${boundary}\r\n${head}\r\n\r\n`), content, encode('\r\n'))
}

function filePart(name: string, content: Uint8Array): Uint8Array {
  return part(`Content-Disposition: form-data; name="${name}"; filename="a.jpg"`, content)
}

function textPart(name: string, text: string): Uint8Array {
  return part(`Content-Disposition: form-data; name="${name}"`, encode(text))
}

const ending = encode(`--${boundary}--\r\n`)

const anyPhoto = fc.oneof({ weight: 3, arbitrary: hostilePhoto }, { weight: 1, arbitrary: photo })

/** Mostly as many as there may be, now and then none or too many. */
const fewOrManyPhotos = fc.oneof(
  { weight: 6, arbitrary: fc.array(anyPhoto, { minLength: 1, maxLength: 3, size: 'max' }) },
  { weight: 1, arbitrary: fc.array(anyPhoto, { minLength: 11, maxLength: 13, size: 'max' }) },
  { weight: 1, arbitrary: fc.constant([]) },
)

/** A form in order, but for its photos. */
const formOfPhotos = fc.tuple(target, fewOrManyPhotos).map(([to, photos]) => {
  const isMany = to.path.startsWith('/admin')
  const sent = isMany ? photos : photos.slice(0, to.photos.length)
  const files = sent.map((bytes, i) => filePart(to.photos[i % to.photos.length]!, bytes))
  const fields = to.path === '/verify' ? [textPart('identity', knownId)] : []
  return { to, bytes: join(...fields, ...files, ending) }
})

/** A form in order, but for its fields and how many photos there are. */
const hostileForm = fc
  .tuple(
    target,
    fc.array(fc.oneof(hostilePhoto, photo), { maxLength: 12 }),
    fc.array(fc.tuple(fieldName, fieldText), { maxLength: 8 }),
  )
  .map(([to, photos, fields]) => ({
    to,
    bytes: join(
      ...fields.map(([name, text]) => textPart(name, text)),
      ...photos.map((bytes, i) => filePart(to.photos[i % to.photos.length]!, bytes)),
      ending,
    ),
  }))

/** A form that would be in order, with changes to its bytes: boundaries, headers, line ends. */
const brokenForm = target.chain((to) => {
  const whole = fc.tuple(photo, fieldText).map(([bytes, text]) => {
    const files = to.photos.map((name) => filePart(name, bytes))
    return join(...files, textPart('identity', text), ending)
  })
  return mutated(whole).map((bytes) => ({ to, bytes }))
})

const manyParts = fc
  .tuple(target, fc.integer({ min: 20, max: 3000 }), fc.constantFrom('a', 'identity', 'image'))
  .map(([to, count, name]) => ({
    to,
    bytes: join(...Array(count).fill(textPart(name, 'x')), ending),
  }))

const formType = fc.oneof(
  { weight: 12, arbitrary: fc.constant(`multipart/form-data; boundary=${boundary}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary="fuzz',
      `multipart/form-data; boundary=${'b'.repeat(71)}`,
      'multipart/form-data; boundary=a; boundary=b',
      'multipart/mixed; boundary=fuzz',
    ),
  },
)

const multipart: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: formOfPhotos },
      { weight: 2, arbitrary: hostileForm },
      { weight: 2, arbitrary: brokenForm },
      { weight: 1, arbitrary: manyParts },
    ),
    formType,
  )
  .map(([{ to, bytes }, type]) => toRequest('multipart', to, type, bytes))

/** A photo as JSON may carry it, or what stands in its place. */
const photoInJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.oneof(hostilePhoto, photo).map((bytes) => toBase64(bytes)),
  fc.oneof(hostilePhoto, photo).map((bytes) => `data:image/png;base64,${toBase64(bytes)}`),
  fc.constantFrom('data:', 'data:,x', 'data:image/png,abc', 'data:;base64,====', 'A', '====', ''),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 2 }),
)

/** An object in order, but for its photos. */
const objectOfPhotos = fc
  .tuple(target, fc.oneof(hostilePhoto, photo), fc.oneof(hostilePhoto, photo))
  .map(([to, ...bytes]) => {
    const photos = to.photos.map((name, i) => [name, toBase64(bytes[i]!)])
    const fields = to.path === '/verify' ? [['identity', knownId]] : []
    return { to, bytes: encode(JSON.stringify(Object.fromEntries([...fields, ...photos]))) }
  })

const hostileObject = fc
  .tuple(
    target,
    fc.array(photoInJson, { maxLength: 12 }),
    fc.array(fc.tuple(fieldName, fc.oneof(fieldText, fc.jsonValue({ maxDepth: 1 })))),
  )
  .map(([to, photos, fields]) => {
    const [first, second] = to.photos
    const pictures = photos.length > 1 && !second ? [['images', photos]] : [[first, photos[0]]]
    if (second) pictures.push([second, photos[1]])
    return { to, bytes: encode(JSON.stringify(Object.fromEntries([...fields, ...pictures]))) }
  })

const brokenObject = mutated(
  photo.map((bytes) => encode(JSON.stringify({ identity: 'eve', image: toBase64(bytes) }))),
)

const repeated = fc
  .tuple(
    fc.constantFrom('[', '{"a":', '"', '\\', ',', '{"a":1,', '\ud800', ' ', '1', '-', '[[],'),
    fc.integer({ min: 1, max: 200_000 }),
  )
  .map(([text, count]) => encode(text.repeat(count)))

const oddText = fc
  .constantFrom(
    'null',
    '[]',
    '"text"',
    '1',
    '{"__proto__":{"identity":"eve"},"image":"AAAA"}',
    '{"identity":"eve","identity":"fay","image":"AAAA"}',
    '{"identity":"\\ud800","image":"AAAA"}',
    '\ufeff{}',
    '{"identity":1e400,"image":{}}',
    '{"images":[],"image":"AAAA"}',
  )
  .map(encode)

const jsonBody: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: objectOfPhotos },
      { weight: 2, arbitrary: hostileObject },
      { weight: 2, arbitrary: fc.record({ to: target, bytes: brokenObject }) },
      { weight: 1, arbitrary: fc.record({ to: target, bytes: repeated }) },
      { weight: 1, arbitrary: fc.record({ to: target, bytes: oddText }) },
    ),
    fc.constantFrom('application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON'),
  )
  .map(([{ to, bytes }, type]) => toRequest('json', to, type, bytes))

/** What takes fields alone, as JSON. */
const fieldTargets = [
  { path: '/challenge', method: 'POST' },
  { path: `/admin/identities/${knownId}`, method: 'PATCH' },
]

const fieldsBody: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    fc.constantFrom(...fieldTargets),
    fc.oneof(
      fc
        .dictionary(fieldName, fc.oneof(fieldText, fc.jsonValue({ maxDepth: 2 })), { minKeys: 1 })
        .map((fields) => encode(JSON.stringify({ ...fields, threshold: 1 }))),
      mutated(fc.constant(encode('{"identity":"eve","name":"Eve","expiresAt":null}'))),
      repeated,
      oddText,
    ),
  )
  .map(([to, bytes]) => toRequest('json', to, 'application/json', bytes))

/** A person's line in order, of the network that the tests run. */
const goodLine = JSON.stringify({
  identity: knownId,
  model: fakeModel,
  encodings: [toBase64(new Uint8Array(fakeEncoding(knownId).buffer))],
})

const hostileLine: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: mutated(fc.constant(encode(goodLine))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fieldName, fieldText, fc.jsonValue({ maxDepth: 3 }))
      .map(([name, text, value]) =>
        encode(JSON.stringify({ identity: text, model: text, encodings: value, [name]: value })),
      ),
  },
  { weight: 1, arbitrary: repeated },
  { weight: 1, arbitrary: oddText },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('NaN', 'zeros', 'short', 'empty')
      .map((kind) => encode(goodLine.replace(/"encodings":.*$/, brokenEncodings[kind]!))),
  },
)

const brokenEncodings: Readonly<Record<string, string>> = {
  NaN: `"encodings":["${toBase64(new Uint8Array(512).fill(0xff))}"]}`,
  zeros: `"encodings":["${toBase64(new Uint8Array(512))}"]}`,
  short: `"encodings":["${toBase64(new Uint8Array(511).fill(1))}"]}`,
  empty: '"encodings":[]}',
}

/** Imports of lines that nobody should store, and now and then of one that is still in order. */
export const hostileLines: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    // A first line that is not JSON refuses the whole body.
    fc.constantFrom([], [encode(goodLine)], [encode(goodLine)]),
    fc.array(hostileLine, { minLength: 1, maxLength: 20 }),
    fc.constantFrom('\n', '\r\n', '\n\n', '\r', ''),
    fc.constantFrom('', '?allowDuplicate=true', '?secondModel=true'),
  )
  .map(([first, others, end, query]) => {
    const to = { path: `/admin/import${query}`, method: 'POST' }
    const bytes = join(...[...first, ...others].flatMap((line) => [line, encode(end)]))
    return toRequest('lines', to, 'application/x-ndjson', bytes)
  })

const rawType = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('image/jpeg', 'image/png', 'image/webp', 'application/octet-stream'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('image/heic', 'text/plain', 'image/jpeg; charset=binary', ''),
  },
)

const rawBody: fc.Arbitrary<HostileRequest> = fc
  .tuple(fc.constantFrom(...targets.filter(({ takesRaw }) => takesRaw)), rawType, hostilePhoto)
  .map(([to, type, bytes]) => {
    const path = to.path === '/verify' ? `/verify?identity=${knownId}` : to.path
    return toRequest('raw', { ...to, path }, type, bytes)
  })

const queryText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map(toQuery),
  fc.constantFrom('%', '%zz', '%00', '%ff%fe', '+', '&&&=&', '#', 'a'.repeat(3000)),
)
const queryName = fc.constantFrom('cursor', 'limit', 'prefix', 'fmr', 'identity', 'key', '', '%')

const queryString: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    fc.constantFrom('/admin/identities', '/verify', '/recognize', '/admin/identities/eve'),
    fc.array(fc.tuple(queryName, queryText), { minLength: 1, maxLength: 40 }),
    fc.uint8Array({ maxLength: 4 }),
  )
  .map(([path, pairs, body]) => {
    const query = pairs.map(([name, text]) => `${name}=${text}`).join('&')
    const isRead = path.startsWith('/admin')
    const to = { path: `${path}?${query}`, method: isRead ? 'GET' : 'POST' }
    return toRequest('query', to, 'image/jpeg', isRead ? undefined : body)
  })

const id = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).map(toQuery),
  fc.constantFrom('.', '..', '%2e%2e', '%2e%2e%2fverify', '%00', '%', '%ff', 'a%2Fb', '//', '\\'),
  fc.integer({ min: 129, max: 5000 }).map((length) => 'a'.repeat(length)),
)
const idPath: fc.Arbitrary<HostileRequest> = fc
  .tuple(id, fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH', 'POST'), fc.boolean(), hostilePhoto)
  .map(([text, method, isImages, bytes]) => {
    const path = `/admin/identities/${text}${isImages ? '/images' : ''}`
    const takesBody = method !== 'GET' && method !== 'DELETE'
    return toRequest('id', { path, method }, 'image/jpeg', takesBody ? bytes : undefined)
  })

/**
 * 1,000 draws are about 280 forms, 230 JSON texts, 230 photos, 95 query strings, 95 identities and 70 bodies of fields. None is one
 * that the service should do as it says.
 */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 27, arbitrary: multipart },
  { weight: 22, arbitrary: jsonBody },
  { weight: 22, arbitrary: rawBody },
  { weight: 9, arbitrary: queryString },
  { weight: 9, arbitrary: idPath },
  { weight: 7, arbitrary: fieldsBody },
)

function toRequest(
  kind: string,
  { path, method }: Pick<Target, 'path' | 'method'>,
  type: string,
  body?: Uint8Array,
): HostileRequest {
  const headers = { Authorization: `Bearer ${adminKey}`, ...(type && { 'Content-Type': type }) }
  return { kind, path, method, headers, ...(body && { body }) }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Lone surrogates have no percent-encoding. */
function toQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
