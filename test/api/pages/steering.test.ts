import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { IntakeBatcher } from '../../../src/app/intake/batcher.ts';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { createLinkToken } from '../../../src/content/link-token.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { startTestSystem, type TestSystem } from '../../support/system.ts';
import { shop } from '../support/shop.ts';

let system: TestSystem;
let desk: ActivityCalls;
let app: ReturnType<typeof createApp>;
const channel = fakeChannel(() => ({ state: 'sent', providerId: 'p' }));

beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false, files: shop });
  const { db, bundles, compiler, models, fits, journeys, config, metrics, log } = system.service;
  const intake = new IntakeBatcher({ db, bundles, secret: config.secret });
  app = createApp({
    db,
    bundles,
    compiler,
    models,
    fits,
    intake,
    hits: { add() {} },
    journeys,
    evaluate: createEvaluator(),
    zones: lookUpZone,
    config,
    metrics,
    log,
  });
  desk = createActivityCalls(system, channel);
});
afterAll(() => system.stop());

/** A tip that is planned and not yet claimed, and the paths of the links in it. */
async function planned(userId: string): Promise<{ customerId: string; tip: string } & Links> {
  await system.accept(
    { name: 'Customer Identified', type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    { name: 'Consent Changed', userId, properties: { purpose: 'marketing', status: 'granted' } },
    { name: 'Signed Up', userId },
  );
  const customerId = await system.findCustomerId(userId);
  const tip = await desk.planDelivery(customerId);
  const pathOf = (purpose: 'unsubscribe' | 'preferences') => {
    const link = { id: tip, expiresAt: Date.now() + 60_000 };
    return `/${purpose}/${createLinkToken(purpose, link, system.service.config.secret)}`;
  };
  return { customerId, tip, unsubscribe: pathOf('unsubscribe'), preferences: pathOf('preferences') };
}

const send = (path: string, form: Record<string, string> = {}) =>
  request(app).post(path).type('form').send(form);

interface Links {
  unsubscribe: string;
  preferences: string;
}

/** How each choice affects a planned message, and the code that its claim is refused with. */
const CONTROLS: [string, (links: Links) => Promise<{ status: number }>, string][] = [
  ['one-click unsubscribe', ({ unsubscribe }) => send(unsubscribe), 'consent_withdrawn'],
  ['all marketing', ({ unsubscribe }) => send(`${unsubscribe}?all=1`), 'consent_withdrawn'],
  ['stop', ({ preferences }) => send(preferences, { do: 'stop' }), 'consent_withdrawn'],
  [
    'a topic on one channel',
    ({ preferences }) =>
      send(preferences, { do: 'topics', shown: JSON.stringify(['marketing', 'email', 'tips']) }),
    'consent_withdrawn',
  ],
  ['a break', ({ preferences }) => send(preferences, { do: 'snooze', for: '604800000' }), 'snoozed'],
];

describe('story 10, E-5, I3: choices of the customer apply to deliveries that are already planned', () => {
  it.each(CONTROLS)('%s', async (name, control, code) => {
    const { customerId, tip, ...links } = await planned(`steers ${name}`.replaceAll(' ', '-'));
    expect((await control(links)).status).toBeLessThan(400);
    const { state } = await desk.deliver(customerId, tip);
    const [row] = await system.db.db.sql`select verdict from deliveries where id = ${tip}`;
    const codes = row?.verdict.refusals.map((refusal: { code: string }) => refusal.code);
    expect([state, codes]).toEqual(['held', [code]]);
    expect(channel.outgoing.map((message) => message.deliveryId)).not.toContain(tip);
  });

  it('erasure: nothing is sent, and the customer is not created again', async () => {
    const { customerId, tip } = await planned('steers-erase');
    const erase = createLinkToken(
      'erase',
      { id: customerId, expiresAt: Date.now() + 60_000 },
      system.service.config.secret,
    );
    expect((await send(`/erase/${erase}`)).status).toBe(200);
    await desk.deliver(customerId, tip).catch(() => undefined);
    expect(channel.outgoing.map((message) => message.deliveryId)).not.toContain(tip);
    const [row] = await system.db.db
      .sql`select seq, erased_at, profile from customers where id = ${customerId}`;
    expect([Number(row?.seq), row?.erased_at !== null, row?.profile.traits]).toEqual([0, true, {}]);
  });

  it('nothing is sent to an address of a browser that a server has stated of somebody else', async () => {
    const traits = { email: 'of-another@example.com' };
    const claim = { type: 'identify' as const, name: 'Customer Identified', traits };
    const anonymousId = 'd-claims';
    const context = { consent: { categoryPreferences: { marketing: true } } };
    await system.accept(
      { ...claim, anonymousId, context, email: traits.email, fromBrowser: true },
      { name: 'Signed Up', anonymousId },
    );
    const [visitor] = await system.db.db.sql`
      select customer_id as id from identities where value = ${anonymousId}`;
    const tip = await desk.planDelivery(visitor?.id);
    await system.accept({ ...claim, userId: 'of-another', email: traits.email });
    expect((await desk.deliver(visitor?.id, tip)).state).toBe('failed');
    const [row] = await system.db.db.sql`select error from deliveries where id = ${tip}`;
    expect(row?.error).toContain('that of another customer');
    expect(channel.outgoing.map((message) => message.to)).not.toContain(traits.email);
  });

  it('control: without a choice the message is sent', async () => {
    const { customerId, tip } = await planned('steers-not');
    expect((await desk.deliver(customerId, tip)).state).toBe('sent');
    expect(channel.outgoing.map((message) => message.deliveryId)).toContain(tip);
  });
});
