/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  ActionOutcome: { actionId: 'tip', kind: 'shown' },
  OutcomeRecorded: {
    decisionId: 'dec_01a2237b',
    actionId: 'tip',
    kind: 'shown',
    deliveryId: 'dlv_01a2237b_0',
    at: '2026-11-28T18:46:52Z',
    late: false,
  },
  RealtimeDecision: {
    decisionId: 'dec_01a2237a',
    customerId: 'cus_01a2237a',
    placement: 'home',
    channel: 'web',
    at: '2026-11-28T18:46:09Z',
    expiresAt: '2026-11-28T18:56:09Z',
    ttlSeconds: 600,
    fallbackReason: null,
    bundle: 'b-1',
    actions: [
      {
        action: 'spring',
        class: 'marketing',
        rank: 1,
        variant: null,
        propensity: 0.328,
        reasons: ['highest_score'],
      },
    ],
  },
  RealtimeDecisionRequest: { customer: 'user:page-2', placement: 'home' },
};
