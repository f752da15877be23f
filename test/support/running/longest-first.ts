/**
 * The order of the test files: those first that take longest, so that at the end of a run no core waits for a file that began last.
 * Vitest knows what a file took only where it ran before; on a fresh clone it goes by their sizes.
 */
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first: half a minute to three minutes on two cores. */
export const longest: readonly string[] = [
  'lab/test/scenes/scenes.soak.test.ts',
  'test/attacks/attacks.isolate.soak.test.ts',
  'test/image/damages.soak.test.ts',
  'test/bundle/store/store-across-workers.soak.test.ts',
  'lab/test/evaluate.soak.test.ts',
  'lab/test/encoders/twin.soak.test.ts',
  'test/bundle/networks/exercise-dropped-in.soak.test.ts',
  'test/identity/directory/many.isolate.soak.test.ts',
  'test/bundle/photos/photos-as-sent.soak.test.ts',
  'test/examples/unlock-poses.soak.test.ts',
  'test/bundle/photos/impostors.soak.test.ts',
  'test/bundle/deployment/bare-clone.soak.test.ts',
  'lab/test/condition/learn-heads.soak.test.ts',
  'test/attacks/blended-photos.soak.test.ts',
  'test/memory/memory.isolate.soak.test.ts',
  'test/image/damaged-people.soak.test.ts',
  'lab/test/train.soak.test.ts',
  'test/encoder/nn4-small2.soak.test.ts',
  'test/image/damaged-webp.soak.test.ts',
  'test/faults/faults.isolate.soak.test.ts',
  'test/bundle/photos/large-photos-memory.soak.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = longest.indexOf(relative(this.ctx.config.root, moduleId))
      return rank === -1 ? longest.length : rank
    }
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b))
  }
}
