/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  AcceptedEventList: {
    data: [
      {
        id: 'evt_01a2237c',
        messageId: 'web-7f30',
        customerId: 'cus_01a22372',
        userId: 'helen',
        name: 'Order Completed',
        kind: 'purchase',
        source: 'shop',
        at: '2026-11-28T18:47:52Z',
        acceptedAt: '2026-11-28T18:47:53Z',
        historical: false,
        internal: false,
        repeats: null,
        properties: { order_id: 'o-1', total: 412 },
        isWhole: true,
        notes: [],
      },
    ],
    nextCursor: null,
  },
  MessageStatus: {
    messageId: 'web-7f31',
    status: 'rejected',
    customerId: null,
    eventId: null,
    seq: null,
    name: null,
    acceptedAt: null,
    decisions: [],
    at: '2026-11-28T18:48:01Z',
    code: 'no_identity',
    reason: 'userId or anonymousId is needed',
    rejections: [
      {
        id: 'rej_01a2237c',
        at: '2026-11-28T18:48:01Z',
        code: 'no_identity',
        reason: 'userId or anonymousId is needed',
      },
    ],
  },
  NoteCountList: {
    data: [
      {
        code: 'unknown_ticket_status',
        meaning: 'The word for the state of a ticket is not known.',
        field: 'properties.status',
        source: 'help desk',
        count: 7,
        event: 'Ticket Updated',
        example: '5',
        firstAt: '2026-11-27T09:12:44Z',
        lastAt: '2026-11-28T18:48:01Z',
      },
    ],
    nextCursor: null,
  },
  RejectedList: {
    data: [
      {
        id: 'rej_01a2237c',
        messageId: 'web-7f31',
        at: '2026-11-28T18:48:01Z',
        source: 'aroma web',
        code: 'no_identity',
        reason: 'userId or anonymousId is needed',
        body: '{"type":"track","event":"Signed Up"}',
        retryable: true,
      },
    ],
    nextCursor: null,
  },
};
