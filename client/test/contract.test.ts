import { readFile } from 'node:fs/promises'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import {
  clientContractFile,
  describeClientContract,
} from '../../scripts/contract/describe-client-contract.ts'
import type { problem } from '../../src/api/answer/problem.ts'
import type * as answers from '../../src/api/contract/answers.ts'
import type { ErrorCode } from '../../src/errors/error-table.ts'
import type * as contract from '../src/contract.ts'

/** As a client sees it: nothing in an answer is there to be changed. */
type Frozen<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
  : Value

describe('the types of the client', () => {
  it('are those that npm run write-docs writes', async () => {
    expect(await readFile(clientContractFile, 'utf8')).toBe(describeClientContract())
  })

  // Checked by `tsc`, in both directions: the generator could print what no schema says.
  it('are those that the schemas of the answers infer', () => {
    type Inferred<Schema extends z.ZodType> = Frozen<z.output<Schema>>
    expectTypeOf<contract.Verification>().toEqualTypeOf<Inferred<typeof answers.verifyAnswer>>()
    expectTypeOf<contract.Recognition>().toEqualTypeOf<Inferred<typeof answers.recognizeAnswer>>()
    expectTypeOf<contract.Comparison>().toEqualTypeOf<Inferred<typeof answers.compareAnswer>>()
    expectTypeOf<contract.Detection>().toEqualTypeOf<Inferred<typeof answers.detectAnswer>>()
    expectTypeOf<contract.Encoding>().toEqualTypeOf<Inferred<typeof answers.encodeAnswer>>()
    expectTypeOf<contract.Enrollment>().toEqualTypeOf<Inferred<typeof answers.enrollmentAnswer>>()
    expectTypeOf<contract.Identity>().toEqualTypeOf<Inferred<typeof answers.identityAnswer>>()
    expectTypeOf<contract.IdentityPage>().toEqualTypeOf<
      Inferred<typeof answers.identityListAnswer>
    >()
    expectTypeOf<contract.Health>().toEqualTypeOf<Inferred<typeof answers.healthAnswer>>()
    expectTypeOf<contract.Problem>().toEqualTypeOf<Inferred<typeof problem>>()
    expectTypeOf<contract.ErrorCode>().toEqualTypeOf<ErrorCode>()
  })
})
