/** A customer with an address and consent buys the machine. The first message is the order confirmation. */
export function buildMachineOrder(userId: string) {
  return {
    name: 'Order Completed',
    userId,
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: `${userId}@example.com` },
    },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  };
}
