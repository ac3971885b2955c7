import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSentContent } from '../../db/deliveries/sent-content.ts';
import { readSentMessage } from '../../db/deliveries/sent-messages.ts';
import { endAbandonedDelivery } from '../../src/app/deliver/end-delivery.ts';
import { eraseCustomer } from '../../src/app/identity/erase-customer.ts';
import { exportCustomer } from '../../src/app/identity/export-customer.ts';
import type { Channel, SendResult } from '../../src/channels/channel.ts';
import { RenderTooSlow } from '../../src/content/renderer.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { createIntake } from '../app/intake/support.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { buildMachineOrder } from '../support/machine-order.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const sentOk = (): SendResult => ({ state: 'sent', providerId: '250 OK' });

async function contentOf(id: string) {
  const row = await readSentMessage(system.db.db.sql, WORKSPACE, id);
  return row && decodeSentContent(row.content);
}

async function withConfirmation(
  userId: string,
  result: () => SendResult | Promise<SendResult> = sentOk,
  more: Partial<Channel> = {},
) {
  const channel = { ...fakeChannel(result), ...more };
  const activities = createActivityCalls(system, channel);
  await system.accept(buildMachineOrder(userId));
  const customer = await system.findCustomerId(userId);
  return { activities, channel, customer, id: await activities.planDelivery(customer) };
}

/** Decides after the confirmation was delivered. */
async function planTip(activities: ActivityCalls, customer: string): Promise<string> {
  await activities.decide(customer, 2);
  const answer = (await activities.decide(customer, 3, Date.now() + DAY + MINUTE)) as ProgressAnswer;
  return answer.effects.find((effect) => effect.class === 'marketing')?.id as string;
}

test('what was sent is kept with the delivery, and the tokens of its links are masked', async () => {
  const { activities, channel, customer, id } = await withConfirmation('ada');
  expect(await contentOf(id)).toBeNull();
  await activities.deliver(customer, id);
  const { to, from, subject, html, text } = channel.outgoing[0] as (typeof channel.outgoing)[0];
  expect(await contentOf(id)).toEqual({ to, from, subject, html, text });

  const tip = await planTip(activities, customer);
  await activities.deliver(customer, tip, Date.now() + DAY + 2 * MINUTE);
  const sent = channel.outgoing[1]?.html ?? '';
  const kept = await contentOf(tip);
  const links = /\/(unsubscribe|preferences)\/([^"<)\s]+)/g;
  expect([...sent.matchAll(links)].map(([, page, token = '']) => [page, token.length > 40])).toEqual([
    ['unsubscribe', true],
    ['preferences', true],
  ]);
  for (const part of [kept?.html ?? '', kept?.text ?? ''])
    expect([...part.matchAll(links)].map(([, page, token]) => [page, token])).toEqual([
      ['unsubscribe', '…'],
      ['preferences', '…'],
    ]);
});

test('a delivery without a known end has its content: the provider’s answer was lost, or the process was killed', async () => {
  const lost = await withConfirmation('bob', () => ({ state: 'unknown', error: 'no answer' }));
  expect(await lost.activities.deliver(lost.customer, lost.id)).toMatchObject({ state: 'unknown' });
  expect(await contentOf(lost.id)).toMatchObject({ text: expect.stringContaining('Thank you') });

  const killed = await withConfirmation('eve');
  killed.activities.deps.failpoint = () => Promise.reject(new Error('killed'));
  await expect(killed.activities.deliver(killed.customer, killed.id)).rejects.toThrow('killed');
  await system.db.db
    .sql`update deliveries set lease_until = now() - interval '1 minute' where id = ${killed.id}`;
  await endAbandonedDelivery(killed.activities.deps, {
    workspace: WORKSPACE,
    customerId: killed.customer,
    id: killed.id,
  });
  const [row] = await system.db.db.sql`select state from deliveries where id = ${killed.id}`;
  expect(row?.state).toBe('unknown');
  expect(await contentOf(killed.id)).toMatchObject({ to: 'eve@example.com' });
});

test('a repeated attempt leaves the content of the last one, once', async () => {
  const results: SendResult[] = [{ state: 'retry', error: 'busy' }, sentOk()];
  const { activities, customer, id } = await withConfirmation('joe', () => results.shift() as SendResult);
  const { retryAt } = await activities.deliver(customer, id);
  await activities.deliver(customer, id, (retryAt ?? 0) + 1);
  const [row] = await system.db.db.sql`select count(*) as n from sent_messages where delivery_id = ${id}`;
  expect(Number(row?.n)).toBe(1);
});

test('a repeat of a kept message leaves its content and its address as they were', async () => {
  const results: SendResult[] = [sentOk(), { state: 'unknown', error: 'no answer' }, sentOk()];
  const { activities, channel, customer, id } = await withConfirmation(
    'kim',
    () => results.shift() as SendResult,
    { idempotency: { window: DAY, provider: 'https://mail.example' } },
  );
  await activities.deliver(customer, id);
  const tip = await planTip(activities, customer);
  const addressKeyOf = async () => {
    const [row] = await system.db.db.sql`select address_key from deliveries where id = ${tip}`;
    return row?.address_key;
  };
  const at = Date.now() + DAY + 2 * MINUTE;
  expect(await activities.deliver(customer, tip, at)).toMatchObject({ state: 'sending' });
  const [content, addressKey] = [await contentOf(tip), await addressKeyOf()];
  expect(channel.outgoing[1]?.html).toContain('/r/');
  expect(content?.html).not.toContain('/r/');

  const traits = { email: 'kim.new@example.com' };
  await system.accept({ type: 'identify', name: 'Customer Identified', userId: 'kim', traits });
  await system.db.db.sql`update deliveries set lease_until = now() - interval '1 minute' where id = ${tip}`;
  expect(await activities.deliver(customer, tip, at)).toMatchObject({ state: 'sent' });
  expect(channel.outgoing.map(({ to }) => to)).toEqual(Array(3).fill('kim@example.com'));
  expect(await contentOf(tip)).toEqual(content);
  expect(await addressKeyOf()).toBe(addressKey);
});

test('a message that is rendered after the claim is kept before it is sent', async () => {
  const seen: unknown[] = [];
  let id = '';
  const slow = await withConfirmation('sue', async () => {
    seen.push(await contentOf(id));
    return sentOk();
  });
  id = slow.id;
  const { deps } = slow.activities;
  const { email } = deps.renderer;
  deps.renderer.email = (request, patience) =>
    patience?.patient === false ? Promise.reject(new RenderTooSlow('slow')) : email(request, patience);
  expect(await slow.activities.deliver(slow.customer, id)).toMatchObject({ state: 'sent' });
  expect(seen).toMatchObject([{ to: 'sue@example.com' }]);
});

test('nothing is stored where the operator keeps no content', async () => {
  const { activities, customer, id } = await withConfirmation('max');
  activities.deps.keepsContent = false;
  expect(await activities.deliver(customer, id)).toMatchObject({ state: 'sent' });
  expect(await contentOf(id)).toBeNull();
});

test('content is exported with the customer, and erased with them', async () => {
  const { activities, customer, id } = await withConfirmation('pia');
  await activities.deliver(customer, id);
  const chunks: string[] = [];
  for await (const chunk of exportCustomer(activities.deps, WORKSPACE, [customer])) chunks.push(chunk);
  const exported = JSON.parse(chunks.join(''));
  expect(exported.sentMessages).toMatchObject([
    { delivery_id: id, to: 'pia@example.com', subject: expect.any(String), text: expect.any(String) },
  ]);
  await eraseCustomer(createIntake(system), { workspace: WORKSPACE, customerId: customer, actor: 'test' });
  expect(await contentOf(id)).toBeNull();
});
