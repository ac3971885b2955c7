/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Account: {
    id: 'mine-account',
    workspace: 'aroma',
    name: null,
    asOf: '2026-11-28T18:47:45Z',
    createdAt: '2026-11-28T18:47:43Z',
    attributes: [
      {
        name: 'plan',
        value: 'mine-gold',
        source: 'aroma web',
        party: 'first',
        at: '2026-11-28T18:47:43Z',
        stale: false,
        sensitivity: 0,
        uses: ['marketing'],
        consent: null,
      },
    ],
    openTickets: [],
    suppressed: { active: false, classes: [], reasons: [] },
    memberCount: 1,
    members: {
      data: [
        {
          id: 'cus_01a2237c',
          name: 'Mine Aksoy',
          eventSeq: 8,
          identities: [{ type: 'user', value: 'mine' }],
          openTickets: 0,
        },
      ],
      nextCursor: null,
    },
  },
};
