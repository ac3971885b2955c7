/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  WhatIf: {
    period: { from: '2026-08-31T00:00:00Z', to: '2026-11-29T00:00:00Z' },
    comparedVersion: null,
    warnings: [{ file: 'actions/all.yaml', path: '[2].id', message: "no journey offers 'gift'" }],
    decisions: { total: 800, read: 800, replayed: 800, notReplayable: [], changed: 0, customers: 0 },
    changedFiles: [],
    actions: [{ action: 'offer', chosenBefore: 420, chosenAfter: 420 }],
    gates: { candidates: 1600, summary: [], examples: [] },
    value: {
      verdict: 'insufficient',
      excluded: [{ reason: 'open', decisions: 50 }],
      rewards: [
        {
          kind: '3c11481e',
          actions: ['offer'],
          unit: 'share',
          unchanged: true,
          minimumEffect: 0.1,
          contacts: { logged: 0.664, target: 0.664 },
          decisions: 650,
          customers: 400,
          verdict: 'insufficient',
          reasons: ['unrewarded'],
          estimate: null,
          weights: {
            effectiveRows: 650,
            effectiveCustomers: 367,
            largest: 1,
            mean: 1,
            clipped: 0,
            unsupportedRows: 0,
            unsupportedShare: 0,
          },
          faults: [],
          stages: [
            {
              stage: 'regular',
              decisions: 163,
              customers: 100,
              verdict: 'insufficient',
              reasons: ['few_effective_rows'],
              estimate: null,
              weights: {
                effectiveRows: 163,
                effectiveCustomers: 91.9,
                largest: 1,
                mean: 1,
                clipped: 0,
                unsupportedRows: 0,
                unsupportedShare: 0,
              },
            },
          ],
        },
      ],
    },
  },
  WhatIfRequest: {
    files: [
      { path: 'workspace.yaml', text: 'id: aroma\nname: Aroma\ncurrency: EUR\ntimezone: Europe/Berlin\n' },
    ],
    limit: 1000,
    minimumEffect: 0.1,
  },
};
