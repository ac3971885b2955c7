/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
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
      },
    ],
    nextCursor: null,
  },
};
