/** One thread of measure-pieces.ts: loads the networks once, then measures one piece after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { runAttack } from './attack-turns.ts'
import type { Piece, PieceResult, Sources } from './measure-pieces.ts'
import { prepare } from './prepare.ts'
import { newTakesSeen, sendAgain } from './sent-again.ts'
import { runSessions, takeTwice } from './session-attacks.ts'

const { any, ahead }: Sources = workerData
const { observer, codecs, limits } = await prepare()

async function measure({ what, range }: Piece): Promise<PieceResult> {
  if (what.is === 'turn') return runAttack(observer, what.kind, any, range)
  if (what.is === 'sessions') return runSessions(observer, what.kind, ahead, range, limits)
  const pairs = await takeTwice(observer, ahead, range)
  const sessions = pairs.map(([first]) => first)
  const altered = await sendAgain(observer, sessions, codecs, range.from)
  return [...altered, ['new photos of the same made head in the same poses', newTakesSeen(pairs)]]
}

parentPort?.on('message', async (piece: Piece) => {
  parentPort?.postMessage({ result: await measure(piece) })
})
parentPort?.postMessage('ready')
