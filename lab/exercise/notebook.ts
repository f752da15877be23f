/** What the exercise's notebook states: its calls, what they print there, and its threshold. Nothing here was measured by us. */

/** A person at the door and who they say they are. */
export interface NotebookCall {
  readonly photo: string
  readonly person: string
  /** L2 distance of two encodings of length 1, photos taken as they are. */
  readonly distance: number
  readonly opens: boolean
}

export const notebookLoss = 528.143

/** The distance below which the exercise's door opens. */
export const notebookThreshold = 0.7

export const notebookCalls: readonly NotebookCall[] = [
  { photo: 'camera_0.jpg', person: 'younes', distance: 0.659393, opens: true },
  { photo: 'camera_2.jpg', person: 'kian', distance: 0.86224, opens: false },
]

export const notebookWho = { photo: 'camera_0.jpg', person: 'younes' } as const
