/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Applied: {
    version: 2,
    changed: true,
    warnings: [{ file: 'actions/all.yaml', path: '[2].id', message: "no journey offers 'gift'" }],
  },
  ApplyConfig: {
    files: [
      { path: 'workspace.yaml', text: 'id: aroma\nname: Aroma\ncurrency: EUR\ntimezone: Europe/Berlin\n' },
    ],
    baseVersion: 1,
  },
  PreviewConfig: { version: 1, moved: { tips: { fresh: 'old' } } },
  BundleSchema: { $schema: 'https://json-schema.org/draft/2020-12/schema' },
  Config: {
    version: 1,
    hash: '5d336c87055e',
    activatedAt: '2026-11-28T18:46:34Z',
    appliedBy: 'Kim',
    files: [{ path: 'workspace.yaml', bytes: 66 }],
  },
  ConfigPreview: {
    ok: true,
    baseVersion: 1,
    errors: [],
    warnings: [],
    edits: [
      {
        kind: 'step_removed',
        journey: 'tips',
        step: 'fresh',
        change: "step 'fresh' was removed",
        consequence: "customers on it move to 'old'",
      },
    ],
    affected: [
      {
        journey: 'tips',
        step: 'fresh',
        state: 'waiting',
        version: 1,
        pinned: false,
        customers: 12,
        effect: 'moved',
        destination: 'old',
        rule: "they go to 'old'",
      },
    ],
    graphs: [
      {
        journey: 'tips',
        before: { nodes: [{ id: 'fresh', kind: 'wait', label: 'after 7d' }], edges: [] },
        after: { nodes: [{ id: 'old', kind: 'wait', label: 'after 7d' }], edges: [] },
      },
    ],
  },
  ConfigVersions: {
    data: [
      {
        version: 2,
        hash: 'bc5de950587f',
        activatedAt: '2026-11-28T18:48:13Z',
        appliedBy: 'Kim',
        active: true,
      },
    ],
    nextCursor: 'WzJd',
  },
  Rollback: { version: 1, moved: { tips: { fresh: 'old' } } },
};
