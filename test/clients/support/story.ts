/** One call of Segment's specification, as a program passes it to a client library. */
export interface Call {
  type: 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias';
  timestamp: string;
  userId?: string;
  anonymousId?: string;
  event?: string;
  name?: string;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  groupId?: string;
  previousId?: string;
}

/** What a visitor does whom every client library reports: she looks around, becomes known, and buys. */
export interface Story {
  userId: string;
  anonymousId: string;
  orderId: string;
  calls: Call[];
}

const DAY = 86_400_000;

/**
 * Builds the story of one visitor of its own for each client, with texts in several scripts, numbers with decimals,
 * nested objects and lists: all that a library could lose.
 */
export function buildStory(client: string): Story {
  const userId = `${client}-ada`;
  const anonymousId = `${client}-device-7f3a`;
  const orderId = `${client}-order-1`;
  const began = Date.now() - DAY;
  let second = 0;
  const step = (call: Omit<Call, 'timestamp'>): Call => ({
    ...call,
    timestamp: new Date(began + 1_000 * second++).toISOString(),
  });
  const known = { userId, anonymousId };
  const calls = [
    step({
      type: 'track',
      anonymousId,
      event: 'Product Viewed',
      properties: {
        product_id: 'beans-1',
        name: 'Café crème ☕ 咖啡 "dark" <strong>',
        price: 12.5,
        in_stock: true,
        labels: ['organic', 'fair trade'],
        origin: { country: 'ET', altitude: { from: 1700, to: 2200 } },
      },
    }),
    step({
      type: 'identify',
      ...known,
      traits: {
        email: `${client}@example.com`,
        firstName: 'Ada',
        plan: 'gold',
        age: 36,
        vip: true,
        address: { city: 'Köln', country: 'DE' },
      },
    }),
    step({
      type: 'track',
      ...known,
      event: 'Order Completed',
      properties: {
        order_id: orderId,
        total: 49.9,
        currency: 'EUR',
        products: [
          { product_id: 'beans-1', name: 'Café crème', price: 12.45, quantity: 2 },
          { product_id: 'grinder-9', name: 'Mühle', price: 25, quantity: 1 },
        ],
      },
    }),
    step({ type: 'page', ...known, name: 'Kaffee & Küche', properties: { section: 'brewing' } }),
    step({ type: 'screen', ...known, name: 'Cart', properties: { items: 3 } }),
    step({ type: 'group', ...known, groupId: `${client}-office`, traits: { seats: 12 } }),
    step({ type: 'alias', userId, previousId: `${client}-before` }),
  ];
  return { userId, anonymousId, orderId, calls };
}
