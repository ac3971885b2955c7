import { mutate, pickHostile } from '../hostile.ts';
import type { Request } from '../http.ts';
import { type Part, repeatUntil } from '../part.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';
import { FUZZED_USERS } from '../wedge.ts';

/** What parsers answer, and what a sender of too many events gets. */
const STATUSES = [200, 400, 413, 415, 429];

const CONTEXT = {
  traits: { email: 'x@example.com', phone: '+4930123456', firstName: 'X' },
  consent: { categoryPreferences: { marketing: true } },
  timezone: 'Europe/Berlin',
  locale: 'de-DE',
};
const PRODUCT = { product_id: 'espresso-machine', quantity: 1, price: 99.5, name: 'Machine' };
const EVENTS: readonly { event: string; properties: object }[] = [
  {
    event: 'Order Completed',
    properties: { order_id: 'o-1', total: 412, currency: 'EUR', products: [PRODUCT] },
  },
  { event: 'Order Refunded', properties: { order_id: 'o-1', total: 10 } },
  { event: 'Payment Failed', properties: { order_id: 'o-2', value: 412, code: 'card_declined' } },
  {
    event: 'Ticket Opened',
    properties: { ticket_id: 'T1', subject: 'It leaks', severity: 'high', updated_at: '2026-01-01' },
  },
  { event: 'Ticket Closed', properties: { ticket_id: 'T1', fault: 'ours' } },
  { event: 'Product Added', properties: { cart_id: 'c', ...PRODUCT } },
  { event: 'Survey Answered', properties: { survey: 'nps', score: 9 } },
  { event: 'Account Created', properties: { plan: 'x' } },
  { event: 'Subscription Renewed', properties: { renewal_date: '2026-12-01' } },
];

/** Hostile events on all paths that receive them, with the keys of servers and of browsers. */
export const events: Part = {
  name: 'events',
  what: 'hostile events',
  share: 0.3,
  async run(context) {
    const { target, tally } = context;
    await repeatUntil(context, async (random) => {
      const request = buildRequest(random, target);
      tally.expect(request, await target.http.send(request), STATUSES);
    });
  },
};

function buildRequest(random: Random, { home }: Target): Request {
  const key = random.pick([home.write, home.write, home.browser]);
  const type = random.pick([
    'track',
    'track',
    'track',
    'identify',
    'page',
    'screen',
    'group',
    'alias',
    'batch',
    'cloudevents',
  ]);
  if (type === 'cloudevents') {
    const event = random.pick(EVENTS);
    const envelope = {
      specversion: '1.0',
      id: `ce-${random.between(0, 1e9)}`,
      source: '/fuzz',
      type: event.event,
      subject: random.pick(FUZZED_USERS),
      data: event.properties,
    };
    const body = JSON.stringify(mutateSome(random, envelope));
    return {
      method: 'POST',
      path: '/v1/cloudevents',
      key,
      headers: { 'content-type': 'application/cloudevents+json' },
      body,
    };
  }
  if (type === 'batch') {
    const calls = Array.from({ length: random.between(1, 12) }, () => {
      const kind = random.pick(['track', 'identify', 'page', 'group', 'alias']);
      return mutateSome(random, { type: kind, ...buildCall(random, kind) });
    });
    const batch = random.chance(0.95) ? calls : pickHostile(random);
    return {
      method: 'POST',
      path: '/v1/batch',
      key,
      body: JSON.stringify({ batch, sentAt: '2026-01-01T00:00:00Z' }),
    };
  }
  return {
    method: 'POST',
    path: `/v1/${type}`,
    key,
    body: JSON.stringify(mutateSome(random, buildCall(random, type))),
  };
}

function buildCall(random: Random, type: string): object {
  const userId = random.pick(FUZZED_USERS);
  const shared = {
    userId,
    ...(random.chance(0.3) ? { anonymousId: `anon-${random.between(0, 30)}` } : {}),
    ...(random.chance(0.3) ? { messageId: `m-${random.between(0, 300)}` } : {}),
    ...(random.chance(0.3) ? { timestamp: '2026-01-01T00:00:00Z', sentAt: '2026-01-01T00:00:01Z' } : {}),
    context: CONTEXT,
  };
  if (type === 'identify') return { ...shared, traits: CONTEXT.traits };
  if (type === 'group')
    return { ...shared, groupId: random.pick(['acme', 'globex']), traits: { name: 'Acme', plan: 'x' } };
  if (type === 'alias') return { ...shared, previousId: `anon-${random.between(0, 30)}` };
  if (type === 'page' || type === 'screen') return { ...shared, name: 'Home', properties: { path: '/' } };
  return { ...shared, ...random.pick(EVENTS) };
}

/** Up to four mutations: one that is refused at once would hide what the next does. */
function mutateSome(random: Random, value: unknown): unknown {
  let mutated = value;
  for (let count = random.between(1, 4); count > 0; count--) {
    const next = mutate(random, mutated);
    // A call that is no object any more is refused: rarely worth sending.
    if ((next !== null && typeof next === 'object' && !Array.isArray(next)) || random.chance(0.05))
      mutated = next;
  }
  return mutated;
}
