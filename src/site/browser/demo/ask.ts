/** What the demo page can ask, and how each is asked: one call of facegate-client, two where a challenge comes first. */
import type { FacegateClient } from '../../../../client/src/client.ts'
import type { ChosenPhoto } from '../chosen-photo.ts'
import type { Picture } from './mark-all-faces.ts'
import {
  type Shown,
  showComparison,
  showDetection,
  showRecognition,
  showVerification,
} from './show-answer.ts'

/** What can be asked. */
export type Mode = 'verify' | 'recognize' | 'compare' | 'detect'

interface ModeTexts {
  readonly title: string
  readonly busy: string
  readonly help: string
}

export const modes: Readonly<Record<Mode, ModeTexts>> = {
  verify: { title: 'Verify', busy: 'Verifying …', help: 'Is this the person they say they are?' },
  recognize: {
    title: 'Recognize',
    busy: 'Recognizing …',
    help: 'Who of everybody enrolled is this?',
  },
  compare: { title: 'Compare', busy: 'Comparing …', help: 'Do two photos show the same person?' },
  detect: {
    title: 'Detect',
    busy: 'Looking for faces …',
    help: 'Every face in the photo, with its landmarks.',
  },
}

export interface Question {
  readonly identity: string
  /** As chosen; empty for the service's own. */
  readonly rate: string
  readonly image: ChosenPhoto
  readonly other: ChosenPhoto | null
}

/** An answer, and the photos with the faces that it speaks of. */
export interface Outcome extends Shown {
  readonly pictures: readonly Picture[]
  readonly answer: object
}

/** Whatever the form holds; each mode takes what it needs. Fails as the client does. */
export async function ask(
  facegate: FacegateClient,
  mode: Mode,
  { identity, rate: fmr, image, other }: Question,
  signal: AbortSignal,
): Promise<Outcome> {
  const rate = fmr === '' ? {} : { fmr: Number(fmr) }
  if (mode === 'verify') {
    const person = { identity }
    // Whether the service asks for one, only the service knows.
    const { challenge } = await facegate.challenge(person, { signal })
    const question = { ...person, ...rate, challenge, image: image.file }
    const answer = await facegate.verify(question, { signal })
    return {
      ...showVerification(answer),
      pictures: [{ photo: image, faces: [answer.face] }],
      answer,
    }
  }
  if (mode === 'recognize') {
    const answer = await facegate.recognize({ image: image.file, ...rate }, { signal })
    return {
      ...showRecognition(answer),
      pictures: [{ photo: image, faces: [answer.face] }],
      answer,
    }
  }
  if (mode === 'compare' && other !== null) {
    const photos = { left: image.file, right: other.file }
    const answer = await facegate.compare({ ...photos, ...rate }, { signal })
    const sides: Picture[] = [
      { photo: image, faces: [answer.left.face] },
      { photo: other, faces: [answer.right.face] },
    ]
    return { ...showComparison(answer), pictures: sides, answer }
  }
  const answer = await facegate.detect({ image: image.file }, { signal })
  return { ...showDetection(answer), pictures: [{ photo: image, faces: answer.faces }], answer }
}
