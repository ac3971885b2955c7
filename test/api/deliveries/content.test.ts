import { afterAll, beforeAll, expect, test } from 'vitest';
import { toHex } from '../../../db/decisions/record/stored-columns.ts';
import { encodeSentContent } from '../../../db/deliveries/sent-content.ts';
import type { TimelineRow } from '../../../db/events/timeline.ts';
import { toTimelineItemView } from '../../../src/api/customers/timeline-view.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

const CONTENT = {
  to: 'helen@example.com',
  from: { name: 'Aroma', email: 'hello@aroma.example' },
  subject: 'Your order o-1',
  html: '<p>Thank you — ☕</p>',
  text: 'Thank you — ☕',
};

test('support reads what a delivery has sent', async () => {
  await api.batch({
    type: 'track',
    userId: 'helen',
    event: 'Order Completed',
    properties: { order_id: 'o-1', total: 12 },
    context: { traits: { email: 'helen@example.com' } },
  });
  await api.decide();
  const { body } = await api.get('/v1/customers/user:helen/deliveries');
  const [{ id }] = body.data;
  const path = `/v1/deliveries/${id}/content`;
  expect((await api.get(path)).status).toBe(404);
  await api.db.sql`update deliveries set state = 'unknown' where id = ${id}`;
  await api.db.sql`
    insert into sent_messages (delivery_id, workspace, content)
    values (${id}, ${WORKSPACE}, ${toHex(encodeSentContent(CONTENT))}::text::bytea)`;
  expect(await api.get(path)).toMatchObject({ status: 200, body: { deliveryId: id, ...CONTENT } });
});

test.each([
  ['Delivery Sent', '/v1/deliveries/dlv_1/content'],
  ['Delivery Unknown', '/v1/deliveries/dlv_1/content'],
  ['Delivery Held', undefined],
])('the timeline leads from %s to %s', (name, link) => {
  const event = {
    of: 'event',
    id: 'evt_1',
    seq: 1,
    at: 0,
    acceptedAt: 0,
    name,
    source: 'throughline',
    decisionId: null,
  };
  const item = { ...event, properties: { delivery_id: 'dlv_1' }, traits: {}, changes: [], notes: [] };
  expect(toTimelineItemView({ item } as unknown as TimelineRow).refs.content).toBe(link);
});
