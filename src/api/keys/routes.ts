import { createKey } from '../../app/api-keys/keys.ts';
import { HttpError } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { createdKey, newKeyBody } from './schema.ts';

/** Keys with which a backend or a page sends events. Keys for the API are created on the command line alone. */
export const keyOperations: Operation[] = [
  defineOperation({
    id: 'createKey',
    method: 'post',
    path: '/v1/keys',
    tag: 'Events',
    summary: 'Create a write key or a browser key. It is shown once, so the call takes no `Idempotency-Key`',
    scope: 'operate',
    body: newKeyBody,
    replies: { 201: { description: 'The key', schema: createdKey } },
    async handle({ api, workspace, body: { kind, label }, isRepeatable }) {
      // Its answer would be stored, and the key with it.
      if (isRepeatable)
        throw new HttpError(400, 'not_repeatable', 'a key is shown once: leave the Idempotency-Key out');
      const key = await createKey(api.deps.db, { workspace, kind, scopes: [], label });
      return { status: 201, body: { kind, label, key }, headers: { 'Cache-Control': 'no-store' } };
    },
  }),
];
