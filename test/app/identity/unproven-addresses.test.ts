import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptOrSplit } from '../../../src/app/intake/batcher.ts';
import type { IncomingEvent } from '../../../src/app/intake/incoming-event.ts';
import { isParseRefusal, parseCall } from '../../../src/sources/segment.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';
import { createIntake } from '../intake/support.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

type Call = Record<string, unknown>;

function parse(raw: Call, fromBrowser: boolean): IncomingEvent {
  const parsed = parseCall(raw, null, {
    workspace: WORKSPACE,
    receivedAt: Date.now(),
    sentAt: undefined,
    historical: false,
    source: fromBrowser ? 'website' : 'shop',
    ...(fromBrowser ? { fromBrowser: true } : {}),
  });
  if (isParseRefusal(parsed)) throw new Error(parsed.reason);
  return parsed;
}

/** What the shop's servers send about two customers, by their user ids and by their addresses. */
const SHOP: ((run: string) => Call)[] = [
  (run) => ({ type: 'identify', userId: `ada-${run}`, traits: ada(run) }),
  (run) => ({ type: 'identify', userId: `bob-${run}`, traits: { email: `bob-${run}@example.com` } }),
  (run) => ({
    type: 'track',
    event: 'Order Completed',
    properties: { order_id: run },
    context: { traits: { email: ada(run).email } },
  }),
  (run) => ({ type: 'track', event: 'Ticket Opened', properties: { ticket_id: run, email: ada(run).email } }),
  (run) => ({ type: 'track', event: 'Called', context: { traits: { phone: ada(run).phone } } }),
  (run) => ({ type: 'track', userId: `ada-${run}`, event: 'Seen' }),
];

function ada(run: string) {
  return { email: `ada-${run}@example.com`, phone: `+4917${run.padStart(9, '0')}` };
}

const attack = fc.record(
  {
    type: fc.constantFrom('identify', 'track', 'alias', 'page'),
    who: fc.constantFrom(
      { anonymousId: 'a' },
      { anonymousId: 'b' },
      { userId: 'eve' },
      { userId: 'eve', anonymousId: 'a' },
      {},
    ),
    previousId: fc.constantFrom('a', 'b'),
    claims: fc.subarray(['email', 'phone'] as const, { minLength: 1 }),
    inContext: fc.boolean(),
  },
  { requiredKeys: ['type', 'who', 'claims', 'inContext'] },
);
type Attack = typeof attack extends fc.Arbitrary<infer A> ? A : never;

/** A call of a browser that gives a stranger the addresses of Ada. */
function claim({ type, who, previousId, claims, inContext }: Attack, run: string): Call {
  const own = Object.fromEntries(Object.entries(who).map(([key, id]) => [key, `${id}-${run}`]));
  const traits = Object.fromEntries(claims.map((name) => [name, ada(run)[name]]));
  const said = inContext || type !== 'identify' ? { context: { traits } } : { traits };
  const previous = type === 'alias' && previousId ? { previousId: `${previousId}-${run}` } : {};
  return { type, ...(type === 'track' ? { event: 'Product Viewed' } : {}), ...own, ...previous, ...said };
}

/** The customers of the shop's events, numbered by their first; and the identities and addresses of those customers. */
async function describeCustomers(receipts: (string | null)[]) {
  const ids = [...new Set(receipts)];
  const rows = await system.db.db.sql`
    select i.customer_id as id, i.type, regexp_replace(i.value, '[0-9]{6,}', 'RUN') as value
    from identities i where i.customer_id = any(${ids as string[]}) order by 2, 3`;
  const profiles = await system.db.db.sql`
    select id, regexp_replace(profile #>> '{traits,email,value}', '[0-9]{6,}', 'RUN') as email,
           profile #>> '{traits,email,unproven}' as unproven, seq
    from customers where id = any(${ids as string[]})`;
  return {
    of: receipts.map((id) => ids.indexOf(id)),
    identities: rows.map(({ id, type, value }) => [ids.indexOf(id), type, value]).sort(),
    profiles: profiles.map(({ id, email, unproven, seq }) => [ids.indexOf(id), email, unproven, seq]).sort(),
  };
}

let runs = 100_000 + (process.pid % 1_000) * 1_000;

test('whatever strangers say with a browser key: the shop’s events lead to the customers that they lead to without it', async () => {
  const steps = fc.array(fc.oneof(fc.nat(SHOP.length - 1), attack) as fc.Arbitrary<number | Attack>, {
    minLength: 2,
    maxLength: 10,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (script, inOneBatch) => {
      const play = async (withAttack: boolean) => {
        const run = String(runs++);
        const sent = script.filter((step) => withAttack || typeof step === 'number');
        const events = sent.map((step) =>
          typeof step === 'number' ? parse(SHOP[step]?.(run) as Call, false) : parse(claim(step, run), true),
        );
        const batches = inOneBatch ? [events] : events.map((event) => [event]);
        const receipts = [];
        for (const batch of batches.filter(({ length }) => length > 0))
          receipts.push(...(await acceptOrSplit(createIntake(system), batch)));
        const ofShop = receipts.filter((_, n) => typeof sent[n] === 'number');
        return describeCustomers(ofShop.map(({ customerId }) => customerId));
      };
      expect(await play(true)).toEqual(await play(false));
    }),
    { numRuns: 60 },
  );
}, 120_000);
