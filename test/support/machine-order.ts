/** A customer with an address and consent buys the machine. The first message is the order confirmation. */
export function buildMachineOrder(userId: string, total = 400) {
  return {
    name: 'Order Completed',
    userId,
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: `${userId}@example.com` },
    },
    properties: { order_id: `o-${userId}`, total, products: [{ product_id: 'espresso-machine' }] },
  };
}
