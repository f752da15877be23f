import { readFile } from 'node:fs/promises'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import { describeHonoTypes } from '../../scripts/describe-hono-types.ts'
import {
  clientContractFile,
  describeClientContract,
  honoTypesFile,
} from '../../scripts/write-client-contract.ts'
import type * as answers from '../../src/api/answers.ts'
import { describeApi } from '../../src/api/openapi.ts'
import { asServed } from '../../src/api/openapi-shape.ts'
import type { problem } from '../../src/api/problem.ts'
import { endpoints } from '../../src/app.ts'
import type * as contract from '../../src/client/contract.ts'
import type { ErrorCode } from '../../src/errors.ts'

/** As a client sees it: nothing in an answer is there to be changed. */
type Frozen<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
  : Value

describe('the types of the client', () => {
  it('are those that npm run write-client-contract writes', async () => {
    expect(await readFile(clientContractFile, 'utf8')).toBe(describeClientContract())
  })

  it('for hono/client are those that npm run write-client-contract writes, but for line breaks', async () => {
    const document = asServed(describeApi(endpoints))
    const words = (text: string) => text.replaceAll(/[\s;,|]+/g, '')
    expect(words(await readFile(honoTypesFile, 'utf8'))).toBe(words(describeHonoTypes(document)))
  })

  // Checked by `tsc`, in both directions: the generator could print what no schema says.
  it('are those that the schemas of the answers infer', () => {
    type Inferred<Schema extends z.ZodType> = Frozen<z.output<Schema>>
    expectTypeOf<contract.Verification>().toEqualTypeOf<Inferred<typeof answers.verifyAnswer>>()
    expectTypeOf<contract.Recognition>().toEqualTypeOf<Inferred<typeof answers.recognizeAnswer>>()
    expectTypeOf<contract.Comparison>().toEqualTypeOf<Inferred<typeof answers.compareAnswer>>()
    expectTypeOf<contract.Detection>().toEqualTypeOf<Inferred<typeof answers.detectAnswer>>()
    expectTypeOf<contract.Encoding>().toEqualTypeOf<Inferred<typeof answers.encodeAnswer>>()
    expectTypeOf<contract.Enrolment>().toEqualTypeOf<Inferred<typeof answers.enrolmentAnswer>>()
    expectTypeOf<contract.Identity>().toEqualTypeOf<Inferred<typeof answers.identityAnswer>>()
    expectTypeOf<contract.IdentityPage>().toEqualTypeOf<
      Inferred<typeof answers.identityListAnswer>
    >()
    expectTypeOf<contract.Health>().toEqualTypeOf<Inferred<typeof answers.healthAnswer>>()
    expectTypeOf<contract.Problem>().toEqualTypeOf<Inferred<typeof problem>>()
    expectTypeOf<contract.ErrorCode>().toEqualTypeOf<ErrorCode>()
  })
})
