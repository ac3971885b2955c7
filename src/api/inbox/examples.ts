const item = {
  id: 'dlv_01a2237d_1_2_0',
  title: 'Your grinder wants cleaning',
  body: 'Ten minutes a month keep the taste.',
  url: 'https://aroma.example/grinder',
  class: 'marketing',
  topic: 'tips',
  createdAt: '2026-11-28T18:48:49Z',
  expiresAt: '2026-12-28T18:48:49Z',
  readAt: null,
};

/** Examples by schema name. */
export const examples = {
  InboxItem: item,
  Inbox: { data: [item], nextCursor: null, unread: 1 },
  InboxMark: {},
  InboxToken: { token: 'it_Y3VzXzAxYTIyMzdk.mfp1b2.3q2-7w', expiresAt: '2026-11-28T19:48:49Z' },
  InboxTokenRequest: { seconds: 3_600 },
  MarkedInboxItem: { id: 'dlv_01a2237d_1_2_0', unread: 0 },
};
