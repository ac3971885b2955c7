import type { z } from 'zod';
import { listRetryable, type RetryableQuery } from '../../../db/events/read-rejected.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { createRetryRejected } from './retry-rejected.ts';
import { retryUnlessGone } from './retry-unless-gone.ts';
import { retryBody, retryCounts, retryResult } from './schema.ts';

const tag = 'Events';
const PAGE = 100;

/** Reads rejected events again, after a mapping or a program was mended. */
export const rejectedOperations: Operation[] = [
  defineOperation({
    id: 'retryRejectedEvent',
    method: 'post',
    path: '/v1/rejected/{id}/retry',
    tag,
    summary: 'Read a rejected event again, by the active bundle. What is accepted leaves the list',
    scope: 'operate',
    replies: { 200: { description: 'It was read again', schema: retryResult } },
    problems: [404, 409],
    async handle({ api, workspace, params, once }) {
      const id = params.id as string;
      return { body: await once((record) => createRetryRejected(api.deps)(workspace, id, record)) };
    },
  }),
  defineOperation({
    id: 'retryRejectedEvents',
    method: 'post',
    path: '/v1/rejected/retry',
    tag,
    summary: `Read up to ${PAGE} rejected events again, the oldest first`,
    scope: 'operate',
    body: retryBody,
    replies: { 200: { description: 'What became of them', schema: retryCounts } },
    async handle({ api, workspace, body: { code = null, source = null, after = null }, once }) {
      const query = { workspace, code, source, after, limit: PAGE };
      const body = await once<RetriedAll>(async (record) => {
        const counts = await retryAll(api.deps, query);
        await api.deps.db.sql.begin((tx) => record(tx, counts));
        return counts;
      });
      return { body };
    },
  }),
];

type RetriedAll = z.output<typeof retryCounts>;

async function retryAll(deps: ApiDeps, query: RetryableQuery): Promise<RetriedAll> {
  const retry = createRetryRejected(deps);
  const { ids, next } = await listRetryable(deps.db.sql, query);
  const counts = { accepted: 0, repeated: 0, ignored: 0, rejected: 0 };
  for (const id of ids) {
    const result = await retryUnlessGone(retry, query.workspace, id);
    if (result) counts[result.status]++;
  }
  return { ...counts, next };
}
