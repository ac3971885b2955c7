/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  ActionEligibility: {
    customerId: 'cus_01a2237c',
    action: 'tip',
    class: 'marketing',
    purpose: 'marketing',
    topic: 'tips',
    offeredBy: { journeys: ['tips'], placements: [] },
    asOf: '2026-11-28T18:47:51Z',
    versions: { bundle: 'b-1' },
    enrollmentId: 'enr_01a2237c_1_1_0',
    allowed: true,
    liftsAt: null,
    channels: [
      {
        channel: 'email',
        verdict: 'allowed',
        liftsAt: null,
        liftsOn: [],
        gates: [{ gate: 'consent', rule: 'consent', version: 1, pass: true }],
      },
    ],
  },
};
