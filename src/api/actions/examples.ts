/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Action: {
    id: 'tip',
    class: 'marketing',
    state: 'paused',
    pausedSince: '2026-11-28T18:47:41Z',
    pauseCause: { harm: 'by_hand', reason: 'wrong price in the text', actor: 'ada', reading: null },
    exposed: 150,
    guardrails: [
      {
        harm: 'unsubscribe',
        verdict: 'clear',
        p: 1,
        alpha: 0.025,
        tolerance: 1.1,
        ratio: null,
        treated: { customers: 150, harmed: 0 },
        control: { customers: 50, harmed: 0 },
      },
    ],
  },
  ActionCommand: { reason: 'wrong price in the text', actor: 'ada' },
};
