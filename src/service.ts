/**
 * The entrypoint for other Workers of the account: a service binding to `FacegateService` needs no key and no public address. Each method
 * is a request with the first key of APP_KEY, answered by the same app, so that budgets, lockouts and audit lines are those of that key.
 */
import { WorkerEntrypoint } from 'cloudflare:workers'
import {
  type BindingAnswer,
  createClient,
  type FacegateBinding,
  type FacegateClient,
  FacegateError,
} from '../client/src/client.ts'

type Respond = (
  request: Request,
  env: Cloudflare.Env,
  context: ExecutionContext,
) => Response | Promise<Response>

/** Of requests that never leave the Worker. None of this machine, where receipts would name it in place of ISSUER. */
const ownAddress = 'https://facegate.internal'

export function createService(respond: Respond) {
  return class extends WorkerEntrypoint<Cloudflare.Env> implements FacegateBinding {
    async verify(...[identity, image, fields]: Parameters<FacegateBinding['verify']>) {
      return await this.#ask((client) => client.verify({ ...fields, identity, image }))
    }

    async recognize(...[image, fields]: Parameters<FacegateBinding['recognize']>) {
      return await this.#ask((client) => client.recognize({ ...fields, image }))
    }

    async openSession(...[fields]: Parameters<FacegateBinding['openSession']>) {
      return await this.#ask((client) => client.openSession(fields))
    }

    async getSession(session: string) {
      return await this.#ask((client) => client.getSession(session))
    }

    async revokeSession(session: string) {
      return await this.#ask(async (client) => {
        await client.revokeSession(session)
        return true as const
      })
    }

    async #ask<Answer>(
      call: (client: FacegateClient) => Promise<Answer>,
    ): Promise<BindingAnswer<Answer>> {
      const { env, ctx } = this
      const client = createClient({
        url: ownAddress,
        key: `${env.APP_KEY}`.split(',')[0]!.trim(),
        fetch: (url, init) => respond(new Request(url, init), env, ctx),
      })
      try {
        return { ok: true, answer: await call(client) }
      } catch (error) {
        if (!(error instanceof FacegateError)) throw error
        const { code, detail, hint, retryable, status, requestId, retryAfterSeconds } = error
        return {
          ok: false,
          failure: { code, detail, hint, retryable, status, requestId, retryAfterSeconds },
        }
      }
    }
  }
}
