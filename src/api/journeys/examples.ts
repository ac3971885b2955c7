/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Journey: {
    id: 'order-confirmation',
    name: 'Order confirmation',
    description: null,
    owner: 'ecommerce',
    class: 'service',
    stage: null,
    version: 2,
    activeSince: '2026-11-28T18:45:33Z',
    goal: null,
    holdout: 0,
    entries: ['Order Completed'],
    stuck: 0,
    counts: { treated: { open: 1, ended: 1, goal: 0 }, control: { open: 0, ended: 0, goal: 0 } },
    definition: { id: 'order-confirmation', class: 'service', steps: [{ id: 'confirm', kind: 'decide' }] },
    graph: {
      nodes: [{ id: 'enter:0', kind: 'enter', label: 'Order Completed' }],
      edges: [{ from: 'enter:0', to: 'confirm', label: '' }],
    },
    steps: [{ step: 'confirm', state: 'held', version: 2, pinned: false, customers: 1 }],
    times: [
      {
        step: 'confirm',
        now: { customers: 1, p50: 60_000, p90: 60_000 },
        left: { customers: 40, p50: 2_000, p90: 9_000 },
      },
    ],
    versions: [{ version: 1, activatedAt: '2026-11-28T18:45:33Z', appliedBy: 'Kim', open: 1 }],
  },
  CustomersAtStep: {
    data: [
      {
        enrollmentId: 'enr_9wq1_1_3_0',
        customerId: 'cus_9wq1',
        customerName: 'Helen Weber',
        step: 'confirm',
        state: 'held',
        since: '2026-11-28T18:45:33Z',
        version: 2,
        key: 'o-1',
        enteredAt: '2026-11-28T18:45:33Z',
      },
    ],
    nextCursor: null,
  },
  JourneyList: {
    data: [
      {
        id: 'adoption',
        name: 'Machine in use',
        description: 'Helps owners whose machine still stands in its box',
        owner: 'care',
        class: 'marketing',
        stage: 'adoption',
        version: 2,
        activeSince: '2026-11-28T18:45:33Z',
        goal: { on: 'Order Completed', kpi: 'repeat_rate', within: 5_184_000_000 },
        holdout: 0.1,
        entries: ['Order Completed if event.properties.total > 100'],
        stuck: 0,
        counts: { treated: { open: 0, ended: 0, goal: 0 }, control: { open: 0, ended: 0, goal: 0 } },
      },
    ],
    nextCursor: null,
  },
};
