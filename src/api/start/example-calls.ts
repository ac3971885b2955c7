/** The steps of the example, in the order in which they make sense. */
export const EXAMPLE_STEPS = ['order', 'ticket', 'close', 'payment'] as const;
export type ExampleStep = (typeof EXAMPLE_STEPS)[number];

/** Who is in the example, by step. */
export const PERSONS = { order: 'helen', ticket: 'helen', close: 'helen', payment: 'ada' } as const;

/** A call as a shop's backend sends it to `POST /v1/track`. */
export type ExampleCall = {
  type: 'track';
  messageId: string;
  userId: string;
  event: string;
  properties: Record<string, unknown>;
  context?: Record<string, unknown>;
};

const about = (email: string, firstName: string) => ({
  traits: { email, firstName },
  consent: { categoryPreferences: { marketing: true } },
});

/**
 * The call of a step.
 * @param unique makes the ids of orders and tickets, so that each press is something new
 * @param openTicket the ticket to close
 */
export function buildExampleCall(step: ExampleStep, unique: string, openTicket: string | null): ExampleCall {
  const call = { type: 'track' as const, messageId: `example-${step}-${unique}`, userId: PERSONS[step] };
  switch (step) {
    case 'order':
      return {
        ...call,
        event: 'Order Completed',
        properties: { order_id: `o-${unique}`, total: 412, products: [{ product_id: 'espresso-machine' }] },
        context: about('helen@example.com', 'Helen'),
      };
    case 'ticket':
      return {
        ...call,
        event: 'Ticket Opened',
        properties: { ticket_id: `T-${unique}`, subject: 'It leaks', severity: 'high' },
      };
    case 'close':
      return { ...call, event: 'Ticket Closed', properties: { ticket_id: openTicket ?? `T-${unique}` } };
    case 'payment':
      return {
        ...call,
        event: 'Payment Failed',
        properties: { order_id: `o-${unique}`, value: 412, code: 'card_declined' },
        context: about('ada@example.com', 'Ada'),
      };
  }
}
