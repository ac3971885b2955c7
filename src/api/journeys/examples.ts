/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Journey: {
    id: 'order-confirmation',
    owner: 'ecommerce',
    class: 'service',
    stage: null,
    version: 2,
    activeSince: '2026-11-28T18:45:33Z',
    counts: { treated: { open: 1, ended: 1, goal: 0 }, control: { open: 0, ended: 0, goal: 0 } },
    definition: { id: 'order-confirmation', class: 'service', steps: [{ id: 'confirm', kind: 'decide' }] },
    graph: {
      nodes: [{ id: 'enter:0', kind: 'enter', label: 'Order Completed' }],
      edges: [{ from: 'enter:0', to: 'confirm', label: '' }],
    },
    steps: [{ step: 'confirm', state: 'held', version: 2, pinned: false, customers: 1 }],
    versions: [{ version: 1, activatedAt: '2026-11-28T18:45:33Z', open: 1 }],
  },
  JourneyList: {
    data: [
      {
        id: 'adoption',
        owner: 'care',
        class: 'marketing',
        stage: 'adoption',
        version: 2,
        activeSince: '2026-11-28T18:45:33Z',
        counts: { treated: { open: 0, ended: 0, goal: 0 }, control: { open: 0, ended: 0, goal: 0 } },
      },
    ],
    nextCursor: null,
  },
};
