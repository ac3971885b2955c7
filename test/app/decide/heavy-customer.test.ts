import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendConsents } from '../../../db/customers/append-consents.ts';
import { consentsJson } from '../../../db/customers/customer-json.ts';
import { viewCustomer } from '../../../db/customers/customer-snapshot.ts';
import { decodeTexts } from '../../../db/decisions/record/decision-record.ts';
import { type CustomerTicket, saveTickets } from '../../../db/tickets/tickets.ts';
import { limitContext } from '../../../src/app/decide/decision-context.ts';
import { buildJourneyQuery } from '../../../src/app/decide/facts/facts-query.ts';
import { type LoadedFacts, loadFacts } from '../../../src/app/decide/facts/load-facts.ts';
import { exportCustomer } from '../../../src/app/identity/export-customer.ts';
import { type Consent, resolveConsent } from '../../../src/domain/customer/consent.ts';
import { emptyState } from '../../../src/domain/state.ts';
import { DAY, MINUTE } from '../../../src/domain/time/time.ts';
import { createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { buildBundle, buildJourney, entryByEvent, waitStep } from '../../support/bundle-builders.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { readEventRules } from '../../support/events-page.ts';
import { Life } from '../../support/life.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

/** What is read of a customer with very many records. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const NOW = Date.now();
const SECRETS = { secret: 'a secret for the tests only' };
const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

async function create(userId: string): Promise<string> {
  await system.accept({ name: 'Account Created', userId });
  return system.findCustomerId(userId);
}

async function factsOf(customer: string): Promise<LoadedFacts> {
  const { sql } = system.db.db;
  const [row] = await sql`select max(version)::int as version from bundles where workspace = ${WORKSPACE}`;
  const active = await system.service.bundles(sql, WORKSPACE, row?.version);
  const progress = { processedSeq: 0 } as Parameters<typeof buildJourneyQuery>[1];
  const query = buildJourneyQuery(customer, progress, emptyState(), { active, older: [] }, NOW);
  const facts = await loadFacts(sql, SECRETS, query, active);
  if (!facts) throw new Error(`there is no ${customer}`);
  return facts;
}

const ticket = (customerId: string, n: number, more: Partial<CustomerTicket>): CustomerTicket => ({
  customerId,
  source: 'desk',
  id: `T-${n}`,
  workspace: WORKSPACE,
  status: 'open',
  rawStatus: 'open',
  severity: 'normal',
  subject: 's'.repeat(1_000),
  version: NOW - n,
  seq: 1,
  openedAt: NOW - n * MINUTE,
  closedAt: null,
  product: null,
  stated: null,
  accountId: null,
  personKey: null,
  quietUntil: null,
  ...more,
});

/** By the first column of the table in docs/events.md. */
const CASES: Record<string, () => Promise<void> | void> = {
  '400 open tickets': async () => {
    const customer = await create('open');
    const many = times(400, (n) => ticket(customer, n, {}));
    await saveTickets(system.db.db.sql, [
      ...many,
      ticket(customer, 900, { severity: 'critical', openedAt: NOW }),
    ]);
    const { tickets } = await factsOf(customer);
    expect(tickets).toHaveLength(200);
    const ids = tickets.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['T-900', 'T-399', 'T-201']));
    expect(ids).not.toContain('T-200');
  },
  '3,000 purposes that nothing asks for': async () => {
    const customer = await create('purposes');
    const base = { channel: '*', topic: '*', status: 'withdrawn', source: 'web', speaker: null } as const;
    const made = times(3_000, (n) => ({
      ...base,
      purpose: `made-up ${n}`,
      at: NOW + n,
      seq: n + 2,
      customerId: customer,
    }));
    await appendConsents(system.db.db.sql, [
      { ...base, purpose: 'marketing', at: NOW, seq: 1, customerId: customer },
      ...made,
    ]);
    const { consents } = await factsOf(customer);
    expect(consents[0]?.purpose).toBe('marketing');
    expect(consents).toHaveLength(1_000);
    const [row] = await system.db.db
      .sql`select ${consentsJson(system.db.db.sql)} as all from customers c where id = ${customer}`;
    expect(row?.all).toHaveLength(1_000);
  },
  '60 events of 30,000 characters': async () => {
    const text = 'x'.repeat(30_000);
    await system.accept(
      ...times(60, (n) => ({
        name: 'Order Completed',
        userId: 'long',
        properties: { order_id: `o-${n}`, text },
      })),
    );
    const { events, seq } = await factsOf(await system.findCustomerId('long'));
    expect(seq).toBe(60);
    expect(events.length).toBeGreaterThan(30);
    expect(events.length).toBeLessThan(36);
    expect(events.map(({ seq }) => seq)).toEqual(times(events.length, (n) => n + 1));
  },
  '700 changes of consent': async () => {
    const customer = await create('changes');
    const base = { purpose: 'marketing', channel: '*', topic: '*', source: 'web', speaker: 'a.web' } as const;
    await appendConsents(
      system.db.db.sql,
      times(700, (n) => ({
        ...base,
        status: n % 2 === 0 ? 'granted' : 'withdrawn',
        at: NOW + n,
        seq: n + 1,
        customerId: customer,
      })),
    );
    const { consents } = await factsOf(customer);
    expect(consents.map(({ status, seq }) => [status, seq])).toEqual([
      ['granted', 699],
      ['withdrawn', 700],
    ]);
  },
  '101 events that open one journey': () => {
    const life = new Life(buildBundle({ journeys: [CARTS] }), NOW);
    for (let n = 0; n < 101; n++)
      life.acceptAndDecide({ name: 'Cart Left', properties: { cart_id: `c-${n}` } });
    expect(life.state.enrollments).toHaveLength(100);
    expect(refusals(life)).toEqual(['no_room']);
  },
  '40 such events of 30,000 characters': () => {
    const life = new Life(buildBundle({ journeys: [CARTS] }), NOW);
    const text = 'x'.repeat(30_000);
    for (let n = 0; n < 40; n++)
      life.acceptAndDecide({ name: 'Cart Left', properties: { cart_id: `c-${n}`, text } });
    expect(life.state.enrollments).toHaveLength(17);
    expect(new Set(refusals(life))).toEqual(new Set(['no_room']));
  },
  '3,000 messages of one action': async () => {
    const customer = await create('messages');
    await addDeliveries(customer, 3_000);
    const { deliveries } = await factsOf(customer);
    expect(deliveries).toHaveLength(500);
    expect(deliveries.at(-1)?.at).toBe(NOW - DAY + 3_000);
  },
  '2,000 devices': async () => {
    const customer = await create('devices');
    await addDevices(customer, 2_000);
    await system.accept({ name: 'Page Viewed', anonymousId: `${customer}-1` });
    expect((await factsOf(customer)).seq).toBe(2);
    expect((await viewCustomer(system.db.db.sql, WORKSPACE, customer))?.identities).toHaveLength(500);
  },
  'a customer whose decision reads more than 512 kB': () => {
    const small = { text: 'x'.repeat(1_000) };
    const large = { text: 'x'.repeat(600_000) };
    expect(limitContext(small)).toEqual({ context: small, unrecorded: [] });
    expect(limitContext(large)).toEqual({
      context: null,
      unrecorded: [{ kind: 'not_recorded', size: 600_011 }],
    });
  },
};

describe('a row of docs/events.md, Heavy customers', () => {
  test.each(readEventRules('Heavy customers'))('$sent: $understood', ({ sent }) => CASES[sent]?.());

  test('has a case for every row', () => {
    expect(
      readEventRules('Heavy customers')
        .map(({ sent }) => sent)
        .sort(),
    ).toEqual(Object.keys(CASES).sort());
  });
});

const CARTS = buildJourney(
  'carts',
  [entryByEvent('Cart Left')],
  [waitStep('stand', [{ kind: 'after', after: 30 * DAY }])],
  { key: 'cart_id' },
);

function refusals(life: Life): string[] {
  return life.history.flatMap((h) => h.changes).flatMap((c) => (c.kind === 'not_entered' ? [c.reason] : []));
}

async function addDeliveries(customer: string, count: number): Promise<void> {
  await system.db.db.sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, purpose, channel,
      bundle_version, state, at, not_after, entry, cost)
    select 'dlv_' || ${customer} || n, ${customer}, ${WORKSPACE}, 'dec_0', 'enr_0', 'order-confirmation', 'transactional',
      'orders', 'email', 1, 'sent', ${NOW - DAY}::bigint + n, ${NOW}, '{}', 0 from generate_series(1, ${count}::int) n`;
}

async function addDevices(customer: string, count: number): Promise<void> {
  await system.db.db.sql`
    insert into identities (workspace, type, value, customer_id)
    select ${WORKSPACE}, 'anon', ${customer} || '-' || n, ${customer} from generate_series(1, ${count}::int) n`;
}

describe('tickets', () => {
  test('as long as one is open, one is read', async () => {
    const customer = await create('last');
    const closed = times(700, (n) => ticket(customer, n, { status: 'closed', closedAt: NOW, quietUntil: 0 }));
    await saveTickets(system.db.db.sql, [...closed, ticket(customer, 900, { openedAt: NOW })]);
    const { tickets } = await factsOf(customer);
    expect(tickets.filter(({ status }) => status === 'open').map(({ id }) => id)).toEqual(['T-900']);
    expect(tickets).toHaveLength(101);
  });

  test('closed ones whose cool-down has not begun, and the longest cool-downs, are read before all others', async () => {
    const customer = await create('cooling');
    const cooling = times(400, (n) =>
      ticket(customer, n, { status: 'closed', closedAt: NOW, quietUntil: NOW + n * MINUTE + 1 }),
    );
    const fresh = ticket(customer, 900, { status: 'closed', closedAt: NOW });
    await saveTickets(system.db.db.sql, [...cooling, fresh]);
    const ids = (await factsOf(customer)).tickets.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['T-900', 'T-399', 'T-250']));
    expect(ids).not.toContain('T-0');
  });

  test('those that an event of the batch is about are read in any case, and a close finds its ticket', async () => {
    const customer = await create('named');
    await saveTickets(
      system.db.db.sql,
      times(400, (n) => ticket(customer, n, {})),
    );
    const close = {
      name: 'Ticket Closed',
      userId: 'named',
      properties: { ticket_id: 'T-3', source: 'desk' },
    };
    await system.accept(close);
    const { tickets } = await factsOf(customer);
    expect(tickets.find(({ id }) => id === 'T-3')?.status).toBe('closed');
    const [row] = await system.db.db.sql`
      select count(*)::int as n from tickets where customer_id = ${customer} and status = 'open'`;
    expect(row?.n).toBe(399);
  });
});

describe('consents', () => {
  const SCOPES = ['*', 'email', 'sms'].flatMap((channel) =>
    ['*', 'tips'].map((topic) => ({ channel, topic })),
  );
  const STATUSES = ['granted', 'withdrawn'] as const;
  const SPEAKERS = [null, 'a.web', 'b.web', '.shop'];

  /** Statements of many minds, of the same length for each seed. */
  function statements(seed: number): Consent[] {
    let state = seed;
    const draw = <T>(list: readonly T[]): T => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return list[Math.floor((state / 2_147_483_648) * list.length)] as T;
    };
    return times(700, (n) => {
      const speaker = draw(SPEAKERS);
      const source = speaker === null ? draw(['preference_page', 'api']) : 'web';
      const purpose = draw(['marketing', 'all', 'profiling']);
      return {
        ...draw(SCOPES),
        purpose,
        status: draw(STATUSES),
        source,
        speaker,
        at: NOW + draw(times(90, (i) => i)),
        seq: n,
      };
    });
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of 700 statements fewer are read, and they mean the same (%s)',
    async (seed) => {
      const customer = await create(`minds-${seed}`);
      const all = statements(seed);
      await appendConsents(
        system.db.db.sql,
        all.map((row) => ({ ...row, customerId: customer })),
      );
      const { consents } = await factsOf(customer);
      expect(consents.length).toBeLessThan(100);
      const ordered = [...all].sort((a, b) => a.at - b.at || a.seq - b.seq);
      for (const purpose of ['marketing', 'profiling'])
        for (const channel of ['email', 'sms', '*'])
          for (const topic of ['tips', 'other', '*']) {
            const read = resolveConsent(consents, purpose, channel, topic)?.status;
            expect(read).toBe(resolveConsent(ordered, purpose, channel, topic)?.status);
          }
    },
  );
});

test('reasons and actors of pauses are cut to 500 characters', async () => {
  const customer = await create('paused');
  const properties = { reason: `${'r'.repeat(499)}😀`, actor: 'a'.repeat(20_000) };
  await system.accept({ name: 'Customer Paused', userId: 'paused', properties });
  const { paused } = await factsOf(customer);
  expect([paused?.reason.length, paused?.by.length]).toEqual([500, 500]);
  expect(paused?.reason.isWellFormed()).toBe(true);
});

test('a customer at every limit is read in a few megabytes, decided, shown and exported in pages', async () => {
  const { sql } = system.db.db;
  const text = 'x'.repeat(29_000);
  const userId = 'heavy';
  const heavy = { userId, source: 'web' };
  await system.accept(
    ...times(20, (n) => ({
      ...heavy,
      type: 'identify' as const,
      name: 'Customer Identified',
      traits: { [`t${n}`]: text },
    })),
  );
  await system.accept(
    ...times(120, (n) => ({
      ...heavy,
      name: 'Order Completed',
      properties: { order_id: `o-${n}`, total: 1, note: text },
    })),
  );
  const customer = await system.findCustomerId(userId);
  await saveTickets(
    sql,
    times(2_000, (n) => ticket(customer, n, { severity: `s${n % 50}` })),
  );
  const base = { channel: '*', topic: '*', source: 'web', speaker: null } as const;
  await appendConsents(
    sql,
    times(2_000, (n) => ({
      ...base,
      status: 'granted',
      purpose: `p${n}`,
      at: NOW,
      seq: n,
      customerId: customer,
    })),
  );
  await addDevices(customer, 2_000);
  await addDeliveries(customer, 3_000);

  const facts = await factsOf(customer);
  const { profile, tickets, consents, deliveries } = facts;
  expect(Buffer.byteLength(JSON.stringify(profile))).toBeLessThan(1_000_000);
  expect([tickets.length, deliveries.length]).toEqual([200, 500]);
  expect(consents).toHaveLength(1_000);
  expect(Buffer.byteLength(JSON.stringify(facts))).toBeLessThan(3_500_000);

  const desk = createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'sent', providerId: '' })),
  );
  let ordinal = 1;
  for (let more = true; more && ordinal < 20; ordinal++) {
    const answer = await desk.decide(customer, ordinal);
    if (answer.kind !== 'decided') throw new Error(answer.kind);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(256_000);
    more = answer.more;
  }
  const [state] = await sql`
    select jsonb_array_length(state -> 'enrollments') as open, octet_length(state::text) as bytes
    from journeys where customer_id = ${customer}`;
  expect(state?.open).toBeLessThanOrEqual(200);
  expect(state?.bytes).toBeLessThan(1_000_000);
  const stored = await sql`
    select record from decisions where customer_id = ${customer} and replayable`;
  for (const { record } of stored) expect(decodeTexts(record).context.length).toBeLessThan(1_000_000);

  const view = await viewCustomer(sql, WORKSPACE, customer);
  expect(view?.identities).toHaveLength(500);
  expect(view?.tickets).toHaveLength(200);

  let longest = 0;
  let whole = '';
  for await (const piece of exportCustomer({ ...system.service, db: system.db.db, ...SECRETS }, WORKSPACE, [
    customer,
  ])) {
    longest = Math.max(longest, piece.length);
    whole += piece;
  }
  expect(longest).toBeLessThan(3_000_000);
  const exported = JSON.parse(whole);
  expect([exported.tickets.length, exported.consents.length, exported.deliveries.length]).toEqual([
    2_000, 2_000, 3_000,
  ]);
  expect(exported.identities).toHaveLength(2_001);
}, 120_000);
