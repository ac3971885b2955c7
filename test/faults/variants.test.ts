import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { type BundleFile, treatEveryCustomer } from '../support/bundles.ts';
import { buildMachineOrder } from '../support/machine-order.ts';
import { startTestSystem, type TestSystem } from '../support/system.ts';

const mail = (subject: string) => `---\nsubject: ${subject}\n---\n<p>Hello</p>\n`;

/** The first tip in three variants. */
function inThree(files: BundleFile[]): BundleFile[] {
  return [
    ...treatEveryCustomer(files).filter(({ path }) => !path.startsWith('content/tip-grinder/')),
    { path: 'content/tip-grinder/email.en.liquid', text: mail('plain') },
    { path: 'content/tip-grinder/email.en.b.liquid', text: mail('b') },
    { path: 'content/tip-grinder/email.en.c.liquid', text: mail('c') },
  ];
}

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: inThree, worker: false, relay: false });
});
afterAll(() => system?.stop());

const channel = fakeChannel(() => ({ state: 'sent', providerId: '250 OK' }));

async function withTip(userId: string) {
  const activities = createActivityCalls(system, channel);
  await system.accept(buildMachineOrder(userId));
  const customer = await system.findCustomerId(userId);
  await activities.deliver(customer, await activities.planDelivery(customer));
  await activities.decide(customer, 2);
  const answer = (await activities.decide(customer, 3, Date.now() + DAY + MINUTE)) as ProgressAnswer;
  const tip = answer.effects.find((effect) => effect.class === 'marketing');
  if (!tip) throw new Error('no tip was planned');
  channel.outgoing.length = 0;
  return { activities, customer, tip: tip.id };
}

const row = async (id: string) =>
  (await system.db.db.sql`select state, variant from deliveries where id = ${id}`)[0];

test('C-5, A-2: the drawn variant is planned, rendered and stored with the delivery', async () => {
  for (let i = 0; i < 8; i++) {
    const { activities, customer, tip } = await withTip(`ada-${i}`);
    const { variant } = (await row(tip)) as { variant: string };
    expect(['b', 'c', 'default']).toContain(variant);
    await activities.deliver(customer, tip, Date.now() + DAY + 2 * MINUTE);
    expect(channel.outgoing.map(({ subject }) => subject)).toEqual([
      variant === 'default' ? 'plain' : variant,
    ]);
    expect(await row(tip)).toEqual({ state: 'sent', variant });
  }
});

test('a variant that the bundle’s version lacks falls back to the plain content, and the delivery records that', async () => {
  const { activities, customer, tip } = await withTip('bert');
  await system.db.db.sql`update deliveries set variant = 'gone' where id = ${tip}`;
  await activities.deliver(customer, tip, Date.now() + DAY + 2 * MINUTE);
  expect(channel.outgoing.map(({ subject }) => subject)).toEqual(['plain']);
  expect(await row(tip)).toEqual({ state: 'sent', variant: null });
});
