import { readFile } from 'node:fs/promises'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import {
  clientContractFile,
  describeClientContract,
} from '../../scripts/contract/describe-client-contract.ts'
import type { problem } from '../../src/api/answer/problem.ts'
import type * as people from '../../src/api/contract/answers/people-answers.ts'
import type * as photos from '../../src/api/contract/answers/photo-answers.ts'
import type * as service from '../../src/api/contract/answers/service-answers.ts'
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
    expectTypeOf<contract.Verification>().toEqualTypeOf<Inferred<typeof photos.verifyAnswer>>()
    expectTypeOf<contract.Recognition>().toEqualTypeOf<Inferred<typeof photos.recognizeAnswer>>()
    expectTypeOf<contract.Comparison>().toEqualTypeOf<Inferred<typeof photos.compareAnswer>>()
    expectTypeOf<contract.Detection>().toEqualTypeOf<Inferred<typeof photos.detectAnswer>>()
    expectTypeOf<contract.Encoding>().toEqualTypeOf<Inferred<typeof photos.encodeAnswer>>()
    expectTypeOf<contract.Enrollment>().toEqualTypeOf<Inferred<typeof people.enrollmentAnswer>>()
    expectTypeOf<contract.Identity>().toEqualTypeOf<Inferred<typeof people.identityAnswer>>()
    expectTypeOf<contract.IdentityPage>().toEqualTypeOf<
      Inferred<typeof people.identityListAnswer>
    >()
    expectTypeOf<contract.Health>().toEqualTypeOf<Inferred<typeof service.healthAnswer>>()
    expectTypeOf<contract.Problem>().toEqualTypeOf<Inferred<typeof problem>>()
    expectTypeOf<contract.ErrorCode>().toEqualTypeOf<ErrorCode>()
  })
})
