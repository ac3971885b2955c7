/** Examples by schema name. */
export const examples = {
  Start: {
    version: 1,
    done: { event: true, order: true, ticket: false, message: true, apply: false },
    example: true,
  },
  ExampleStep: { step: 'order' },
  ExampleCall: {
    call: {
      type: 'track',
      messageId: 'example-order-m3x7k2',
      userId: 'helen',
      event: 'Order Completed',
      properties: { order_id: 'o-m3x7k2', total: 412, products: [{ product_id: 'espresso-machine' }] },
    },
    customer: 'user:helen',
  },
};
