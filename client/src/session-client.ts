/**
 * For a phone: a client that holds the token of one session and no key. It sends a photo and nothing else, since the session says who it
 * is about and how strictly. What it answers is for the person to see; what opens is up to the backend, which asks the service itself.
 */
import { type ClientOptions, openConnection } from './connection.ts'
import type { Poses, Recognition, Verification } from './contract.ts'
import { requireDecision } from './decision.ts'
import { type Photo, photoForm, sha256OfPhoto } from './photo-form.ts'
import type { CallOptions } from './send.ts'

export interface SessionClientOptions extends Omit<ClientOptions, 'key'> {
  /** What `openSession` gave the backend. */
  readonly token: string
}

export interface SessionClient {
  /** The poses that a session with `liveness: 'active'` asks for; their time begins now. */
  drawPoses(options?: CallOptions): Promise<Poses>
  /** Where poses are told one by one: holds the photo of the last one to its bytes, and gives those told by now. */
  announcePhoto(photo: Photo, options?: CallOptions): Promise<Poses>
  /**
   * The photos for `verify`, however the poses are told: `take` is asked for each in turn, with its place in the sequence, and how many there
   * are, where that is told.
   * Throws a TypeError where there is no `crypto.subtle`, as on pages without https, and where a photo is the one before it once more.
   */
  takePoses(
    take: (pose: Poses['poses'][number], place: number, of?: number) => Promise<Photo>,
    options?: CallOptions,
  ): Promise<Photo[]>
  /** Is this the person that the session is about? With poses: one photo for each, in order. */
  verify(
    input: { readonly image: Photo } | { readonly images: readonly Photo[] },
    options?: CallOptions,
  ): Promise<Verification>
  /** Who is this? For a session about nobody in particular. */
  recognize(input: { readonly image: Photo }, options?: CallOptions): Promise<Recognition>
}

/** Throws a TypeError when the address is none, or not a safe one. */
export function createSessionClient({ token, ...options }: SessionClientOptions): SessionClient {
  const { call } = openConnection({ ...options, key: token })
  const ask = async <Answer extends { readonly decision: string }>(
    path: '/verify' | '/recognize',
    images: readonly Photo[],
    known: readonly string[],
    callOptions?: CallOptions,
  ): Promise<Answer> => {
    const body = photoForm(
      images.map((image) => ['image', image] as const),
      {},
    )
    const again = path === '/verify' ? { isAttempt: true } : { isOnce: true }
    const answer = await call<Answer>({ method: 'POST', path, body, ...again }, callOptions)
    requireDecision(answer, known)
    return answer
  }
  const drawPoses = (callOptions?: CallOptions): Promise<Poses> =>
    call({ method: 'POST', path: '/poses', body: {} }, callOptions)
  const announcePhoto = async (photo: Photo, callOptions?: CallOptions): Promise<Poses> => {
    const body = { photoSha256: await sha256OfPhoto(photo) }
    return call({ method: 'POST', path: '/poses/next', body }, callOptions)
  }
  return {
    drawPoses,
    announcePhoto,
    async takePoses(take, callOptions) {
      const photos: Photo[] = []
      let told = await drawPoses(callOptions)
      for (;;) {
        for (const pose of told.poses.slice(photos.length)) {
          photos.push(
            await take(pose, photos.length, told.complete ? told.poses.length : undefined),
          )
        }
        if (told.complete) return photos
        told = await announcePhoto(photos.at(-1)!, callOptions)
        // The service takes the same hash for the same announcement, and would tell nothing new for ever.
        if (!told.complete && told.poses.length <= photos.length) {
          throw new TypeError('The photo is the same as for the pose before: take another.')
        }
      }
    },
    verify: (input, callOptions) => {
      const images = 'images' in input ? input.images : [input.image]
      return ask('/verify', images, ['match', 'no_match'], callOptions)
    },
    recognize: ({ image }, callOptions) =>
      ask('/recognize', [image], ['match', 'no_match', 'ambiguous'], callOptions),
  }
}
