import request from 'supertest';
import type { Instant } from '../../../src/domain/time/time.ts';
import type { WebhookRequest } from '../../../src/sources/webhooks/webhook-kind.ts';
import type { KindVectors } from '../../sources/webhooks/kind-vectors.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

/** An API whose bundle has a sources.yaml. */
export async function startApiWithSources(
  sources: string,
  limits: Parameters<typeof startApi>[0] = {},
): Promise<TestApi> {
  return startApi(limits, (files) => [
    ...treatEveryCustomer(files).filter(({ path }) => path !== 'sources.yaml'),
    { path: 'sources.yaml', text: sources },
  ]);
}

/** Sends a request that a kind's vectors have signed. */
export function deliver(
  api: Pick<TestApi, 'app'>,
  id: string,
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
): request.Test {
  let call = request(api.app).post(`/v1/sources/${id}`);
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) call = call.set(name, value as string);
  // Bytes as they are: a body that was parsed and written again has another signature.
  return call.serialize((bytes) => bytes as string).send(body as unknown as string);
}

/** A request of a kind with a body of one's own. */
export function sign(
  vectors: KindVectors,
  body: unknown = vectors.body,
  { secret = vectors.secrets[0], at = Date.now() }: { secret?: string; at?: Instant } = {},
): WebhookRequest {
  const bytes =
    Buffer.isBuffer(body) || typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return vectors.sign(bytes, secret, at);
}

/** The events of a source, in the order of acceptance. */
export async function logOf(api: TestApi, source: string) {
  return api.db.sql<
    {
      name: string;
      messageId: string;
      at: number;
      userId: string | null;
      properties: Record<string, unknown>;
    }[]
  >`
    select name, message_id as "messageId", (extract(epoch from at) * 1000)::bigint as at,
      (select value from identities where customer_id = e.customer_id and type = 'user' limit 1) as "userId",
      body -> 'properties' as properties
    from events e where workspace = ${WORKSPACE} and source = ${source} order by accepted_at, seq`;
}

/** The rejected list of a source, newest first. */
export async function rejectedOf(api: TestApi, source: string) {
  return api.db.sql<
    { id: string; code: string; reason: string; body: string; messageId: string | null; received: unknown }[]
  >`
    select id, code, reason, body, message_id as "messageId", received
    from rejected where workspace = ${WORKSPACE} and source = ${source} order by at desc`;
}
