import type { Operation } from '../../../src/api/frame/operation.ts';

const COMMAND = { reason: 'r', actor: 'a' };

/** A valid body for each operation, so that a call is not refused because of its body. */
const BODIES: Record<string, object> = {
  'post /v1/customers/lookup': { userId: 'x' },
  'post /v1/customers/{ref}/pause': COMMAND,
  'post /v1/customers/{ref}/resume': COMMAND,
  'post /v1/customers/{ref}/exit': COMMAND,
  'post /v1/customers/{ref}/snooze': { duration: '7d', ...COMMAND },
  'put /v1/customers/{ref}/consents': {
    consents: [{ channel: 'email', status: 'withdrawn', source: 'test' }],
    ...COMMAND,
  },
  'put /v1/customers/{ref}/preferences': { personalisation: 0, ...COMMAND },
  'post /v1/customers/{ref}/merge': { into: 'user:x', ...COMMAND },
  'post /v1/customers/{ref}/unmerge': COMMAND,
  'post /v1/customers/{ref}/erase': COMMAND,
  'post /v1/journeys/{id}/enrollments': { customer: 'user:x', key: 'k' },
  'post /v1/enrollments/{id}/exit': COMMAND,
  'post /v1/coupons/{code}/redeem': { orderId: 'o' },
  'post /v1/coupons/{code}/revoke': COMMAND,
  'post /v1/actions/{id}/pause': COMMAND,
  'post /v1/actions/{id}/resume': COMMAND,
  'post /v1/customers/{ref}/inbox/{id}/read': {},
  'post /v1/customers/{ref}/inbox/{id}/click': {},
  'post /v1/customers/{ref}/inbox/{id}/dismiss': {},
  'post /v1/customers/{ref}/inbox-tokens': {},
  'post /v1/customers/{ref}/embed-tokens': {},
  'post /v1/keys': { kind: 'write', label: 'shop' },
  'post /v1/start/example': { step: 'order' },
  'post /v1/tasks/{id}/claim': { assignee: 'a' },
  'post /v1/deliveries/{id}/repeat': { reason: 'r', actor: 'a' },
  'post /v1/tasks/{id}/release': {},
  'post /v1/tasks/{id}/resolve': { outcome: 'done' },
  'post /v1/tasks/{id}/escalate': {},
  'post /v1/tasks/{id}/snooze': { until: '2027-01-01T00:00:00Z', reason: 'r' },
  'post /v1/tasks/{id}/dismiss': { reason: 'r' },
  'post /v1/decisions': { customer: 'user:x', placement: 'web-home' },
  'post /v1/decisions/{id}/outcomes': { actionId: 'note', kind: 'shown' },
  'post /v1/rejected/retry': {},
  'put /v1/config': { files: [] },
  'post /v1/content/preview': { action: 'tip', customer: 'user:theirs' },
  'post /v1/content/test-send': { action: 'tip', customer: 'user:theirs', to: 'kim@example.com' },
  'post /v1/config/preview': { files: [] },
  'post /v1/config/rollback': { version: 1 },
  'post /v1/what-if': { version: 1 },
};

/** @throws Error for an operation without a body here: tests over all operations need one */
export function bodyOf(op: Pick<Operation, 'method' | 'path' | 'body'>): object {
  const body = BODIES[`${op.method} ${op.path}`];
  if (op.body && !body) throw new Error(`test/api/bodies.ts has no body for ${op.method} ${op.path}`);
  return body ?? {};
}
