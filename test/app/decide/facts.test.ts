import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suppressAddress } from '../../../db/deliveries/suppressed-addresses.ts';
import { buildJourneyQuery } from '../../../src/app/decide/facts/facts-query.ts';
import { type LoadedFacts, loadFacts } from '../../../src/app/decide/facts/load-facts.ts';
import { type AddressSecrets, computeAddressKey } from '../../../src/app/identity/address-key.ts';
import { emptyState } from '../../../src/domain/state.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

async function identify(userId: string, context: Record<string, unknown> = {}): Promise<string> {
  await system.accept({ name: 'Account Created', userId, context });
  return system.findCustomerId(userId);
}

const SECRETS: AddressSecrets = { secret: 'a secret for the tests only' };

/** The facts as a decision of this customer would read them. */
async function factsOf(customer: string, now = Date.now(), secrets = SECRETS): Promise<LoadedFacts | null> {
  const { sql } = system.db.db;
  const [row] = await sql`select max(version)::int as version from bundles where workspace = 'aroma'`;
  const active = await system.service.bundles(sql, 'aroma', row?.version);
  const progress = { processedSeq: 0 } as Parameters<typeof buildJourneyQuery>[1];
  const query = buildJourneyQuery(customer, progress, emptyState(), { active, older: [] }, now);
  return loadFacts(sql, secrets, query, active);
}

test('facts are null for an unknown, a merged and an erased customer', async () => {
  const { sql } = system.db.db;
  expect(await factsOf('cus_nobody')).toBeNull();
  const merged = await identify('merged');
  await sql`update customers set merged_into = 'cus_other' where id = ${merged}`;
  expect(await factsOf(merged)).toBeNull();
  const erased = await identify('erased');
  await sql`update customers set erased_at = now() where id = ${erased}`;
  expect(await factsOf(erased)).toBeNull();

  const desk = createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'sent', providerId: '' })),
  );
  for (const customer of ['cus_nobody', merged, erased]) {
    expect(await desk.decide(customer, null)).toEqual({ kind: 'gone' });
    // Asking brings nobody back.
    expect(await sql`select 1 from journeys where customer_id = ${customer}`).toHaveLength(0);
  }
});

test('facts hold the account with its traits, and no traits for an account without a row', async () => {
  const customer = await identify('ada', { groupId: 'acme' });
  expect((await factsOf(customer))?.account).toEqual({ id: 'acme', traits: {} });
  await system.accept({
    name: 'Group Joined',
    type: 'group',
    userId: 'ada',
    properties: { groupId: 'acme' },
    traits: { tier: 'gold' },
  });
  expect((await factsOf(customer))?.account).toMatchObject({
    id: 'acme',
    traits: { tier: { value: 'gold' } },
  });
  expect((await factsOf(await identify('alone')))?.account).toBeNull();
});

describe('suppressed addresses', () => {
  const suppress = (channel: string, address: string, workspace = 'aroma') =>
    suppressAddress(system.db.db.sql, {
      workspace,
      channel,
      addressKey: computeAddressKey(SECRETS.secret, { workspace, channel, address }),
      reason: '550',
    });

  test('are known in any notation, by channel and workspace, and the list names none of them', async () => {
    const customer = await identify('bert', {
      traits: { email: ' Bert@Müller.de ', phone: '+49 (170) 1234-567' },
    });
    await suppress('email', 'bert@xn--mller-kva.de');
    await suppress('sms', '+491701234567');
    await suppress('sms', 'bert@xn--mller-kva.de');
    await suppress('email', 'bert@xn--mller-kva.de', 'tealeaf');
    expect((await factsOf(customer))?.suppressedAddresses).toEqual(
      expect.arrayContaining([
        { channel: 'email', address: 'bert@xn--mller-kva.de' },
        { channel: 'sms', address: '+491701234567' },
      ]),
    );
    expect((await factsOf(await identify('free')))?.suppressedAddresses).toEqual([]);
    const rows = await system.db.db.sql`select to_jsonb(s)::text as row from suppressed_addresses s`;
    for (const { row } of rows) expect(row).not.toMatch(/bert|1701234567/i);
  });

  test('stay suppressed when the secret is changed and the previous one is named', async () => {
    const customer = await identify('rita', { traits: { email: 'rita@example.com' } });
    await suppress('email', 'rita@example.com');
    const addressesWith = async (secrets: AddressSecrets) =>
      (await factsOf(customer, Date.now(), secrets))?.suppressedAddresses.length;
    expect(await addressesWith({ secret: 'another secret', previousSecret: SECRETS.secret })).toBe(1);
    expect(await addressesWith({ secret: 'another secret' })).toBe(0);
    await expect(addressesWith({})).rejects.toThrow('THROUGHLINE_SECRET');
  });
});

test('facts hold the instants of counted events, ascending, without older ones and without echoes', async () => {
  const customer = await identify('cleo');
  const now = Date.now();
  const visited = (daysAgo: number, more = {}) => ({
    name: 'Tasting Visited',
    userId: 'cleo',
    at: now - daysAgo * DAY,
    ...more,
  });
  await system.accept(visited(1), visited(5), visited(3), visited(40));
  await system.accept(
    visited(2, { source: 'account', context: { account: { id: 'x', from: 'y', event: 'z' } } }),
  );
  expect((await factsOf(customer, now))?.eventHistory['Tasting Visited']).toEqual(
    [5, 3, 1].map((daysAgo) => now - daysAgo * DAY),
  );
  expect((await factsOf(customer, now + 28 * DAY))?.eventHistory['Tasting Visited']).toEqual([now - DAY]);
});

test('segmentsSwept is true once the activation’s sweep has passed the customer, or if none was needed', async () => {
  const { sql } = system.db.db;
  const customer = await identify('dora');
  expect((await factsOf(customer))?.segmentsSwept).toBe(false);
  await sql`update workspaces set synced_version = config_version where id = 'aroma'`;
  expect((await factsOf(customer))?.segmentsSwept).toBe(true);
  const begun = async (cursor: string, done: Date | null) => {
    await sql`delete from sweeps`;
    await sql`
      insert into sweeps (id, workspace, kind, occurrence, version, cursor, done_at)
      select 's', 'aroma', 'activation', config_version::text, config_version, ${cursor}, ${done} from workspaces where id = 'aroma'`;
    return (await factsOf(customer))?.segmentsSwept;
  };
  expect(await begun('', null)).toBe(false);
  expect(await begun(customer, null)).toBe(true);
  expect(await begun('', new Date())).toBe(true);
  await sql`delete from sweeps`;
  await sql`update workspaces set synced_version = 0 where id = 'aroma'`;
});

test('B-6: after an unmerge the other customer’s contacts up to the merge count, and its open effects do not', async () => {
  const { sql } = system.db.db;
  const [from, heir] = [await identify('emil'), await identify('fritz')];
  const at = Date.now();
  const rows = [
    { id: 'before', state: 'sent', at: at - DAY },
    { id: 'after', state: 'sent', at: at + DAY },
    { id: 'planned', state: 'planned', at: at - DAY },
    { id: 'failed', state: 'failed', at: at - DAY },
  ];
  for (const row of rows)
    await sql`
      insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel, bundle_version,
        state, at, not_after, entry)
      values (${row.id}, ${from}, 'aroma', 'd', 'e', 'tip-milk', 'marketing', 'email', 1, ${row.state}, ${row.at}, 0, '{}')`;
  expect((await factsOf(heir))?.deliveries).toEqual([]);
  await sql`update customers set inherits = ${sql.json({ from, until: at })} where id = ${heir}`;
  expect((await factsOf(heir))?.deliveries.map((d) => d.id)).toEqual(['before']);
});

test('facts hold all keys of journeys that are entered by date, so that each date enters once', async () => {
  const customer = await identify('gina');
  const ended = (id: string, journey: string, key: string) => system.db.db.sql`
    insert into enrollments (id, customer_id, workspace, journey, version, key, arm, entered_at, ended_at)
    values (${id}, ${customer}, 'aroma', ${journey}, 1, ${key}, 'treated', 1, 2)`;
  await ended('e1', 'birthday', '2025-05-01');
  await ended('e2', 'birthday', '2026-05-01');
  await ended('e3', 'payment-rescue', 'o-1');
  expect((await factsOf(customer))?.pastEnrollments.map(({ journey, key }) => [journey, key])).toEqual([
    ['birthday', '2025-05-01'],
    ['birthday', '2026-05-01'],
  ]);
});

test('shared caps count the customers who share the cap, and no others', async () => {
  const alone = await factsOf(await identify('hugo'));
  expect(alone?.sharedUse.filter((use) => use.cap.of === 'account')).toEqual([]);
  const contact = await factsOf(
    await identify('ida', { groupId: 'acme', traits: { email: 'ida@example.com' } }),
  );
  const scopes = new Set(contact?.sharedUse.map((use) => use.cap.of));
  expect([...scopes].sort()).toEqual(['account', 'group']);
  expect(contact?.sharedUse.every((use) => use.used === 0 && use.freeIn === null)).toBe(true);
});
