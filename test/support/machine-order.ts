/** Somebody who may be written to buys the machine: the first message is the confirmation. */
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
