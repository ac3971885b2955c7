/** Builds an event of a shop: nine views to one order. It uses no randomness, so that all rounds are equal. */
export function buildShopEvent(customer: number, id: string) {
  const order = customer % 10 === 0;
  return {
    type: 'track',
    event: order ? 'Order Completed' : 'Product Viewed',
    messageId: id,
    userId: toUserId(customer),
    timestamp: new Date().toISOString(),
    properties: order
      ? {
          order_id: id,
          total: 24.9,
          currency: 'EUR',
          products: [{ product_id: 'beans-1kg', name: 'Espresso beans, 1 kg', price: 24.9, quantity: 1 }],
        }
      : { product_id: 'grinder-3', name: 'Grinder No. 3', category: 'grinders', price: 129, currency: 'EUR' },
    context: {
      library: { name: 'analytics-node', version: '3.1.0' },
      locale: 'de-DE',
      page: { url: 'https://shop.aroma.example/p/grinder-3', title: 'Grinder No. 3', referrer: '' },
    },
  };
}

/** Builds an order of the espresso machine. It enters `tips`, whose candidates are held without address and consent. */
export function buildEntryEvent(customer: number, id: string) {
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: id,
    userId: toUserId(customer),
    properties: { order_id: id, total: 412, currency: 'EUR', products: [{ product_id: 'espresso-machine' }] },
    context: {},
  };
}

/**
 * Builds an `identify` that causes a decision without effect: all gates judge the held candidates again, because an
 * identify may bring the missing address. The profile keeps its size, so that every round costs the same.
 */
export function buildDecisiveEvent(customer: number, id: string) {
  return {
    type: 'identify',
    messageId: id,
    userId: toUserId(customer),
    traits: { locale: `en-x-${id}` },
    context: {},
  };
}

export function toUserId(customer: number): string {
  return `u-${customer}`;
}

/** Returns every number below `count` once, far from its neighbours, so that batches are spread over the tables. */
export function shuffleNumbers(count: number): number[] {
  // A step without a common divisor with the count visits all numbers.
  let step = Math.floor(count * 0.618) | 1;
  while (divisor(step, count) !== 1) step += 2;
  return Array.from({ length: count }, (_, index) => (index * step) % count);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
