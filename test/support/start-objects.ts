/**
 * Runs before each file of the suite inside workerd: the first call of a Durable Object loads the whole Worker there, which
 * on a busy machine takes longer than a request waits for its store.
 */
import { env } from 'cloudflare:workers'

await env.PERSON.getByName('nobody').read(0)
