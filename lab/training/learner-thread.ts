/** One thread of learners.ts: answers each call to its learner with one message. */
import { parentPort, workerData } from 'node:worker_threads'
import { startTrainBackend } from './backend/train-backend.ts'
import { Learner, type LearnerSetup } from './learner.ts'
import type { LearnerCall } from './learners.ts'

await startTrainBackend()
const learner = new Learner(workerData as LearnerSetup)

function answer(call: LearnerCall): unknown {
  switch (call.method) {
    case 'prepare':
      return learner.prepare(call.items)
    case 'encode':
      return learner.encode(call.items)
    case 'forward':
      return learner.forward(call.items)
    case 'backward':
      return learner.backward(call.gradient)
  }
}

parentPort?.on('message', (call: LearnerCall) => {
  parentPort?.postMessage(answer(call))
})
