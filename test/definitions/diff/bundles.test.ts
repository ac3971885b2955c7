import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { diffBundles } from '../../../src/definitions/diff/bundles.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../../src/domain/definition.ts';
import { edit, filesWith } from '../bundle-files.ts';

type Changes = Parameters<typeof filesWith>[0];

const W = 'workspace.yaml';
const T = 'journeys/tips.yaml';
const A = 'actions/all.yaml';
const PINNED =
  'customers inside finish under the version that they entered; it applies to customers who enter from now on';

function bundleOf(previous: Bundle | null, changes: Changes = {}): Bundle {
  const compiled = compileBundle(filesWith(changes), previous, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return { ...compiled.bundle, version: (previous?.version ?? 0) + 1, format: BUNDLE_FORMAT };
}

const before = bundleOf(null);
const diff = (changes: Changes) => diffBundles(before, bundleOf(before, changes));
const also = (more: string) => (text: string) => `${text}${more}\n`;

describe('each kind of edit has a change and a consequence', () => {
  test.each<[string, Changes, object]>([
    [
      'a wait',
      { [T]: edit('after: 7d', 'after: 2d') },
      {
        kind: 'wait_changed',
        journey: 'tips',
        step: 'week',
        change: 'step week: after 7d → after 2d',
        consequence: 'applies at once, counted from when the step began',
      },
    ],
    [
      'a decide step',
      { [T]: edit('hold: 30d', 'hold: 3d') },
      {
        kind: 'step_changed',
        step: 'tip',
        consequence:
          'customers who are held there are decided again at once; planned contacts are sent as they were decided',
      },
    ],
    [
      'a step of another kind',
      { [T]: edit('{ id: again, goto: tip }', '{ id: again, wait: { until: [{ after: 1d, next: tip }] } }') },
      {
        kind: 'step_changed',
        step: 'again',
        consequence:
          'customers at it start it again, as a wait step; their planned contacts there are cancelled',
      },
    ],
    [
      'an added step',
      { [T]: edit('  - { id: again', '  - { id: then, wait: { until: [{ after: 1d }] } }\n  - { id: again') },
      {
        kind: 'step_added',
        step: 'then',
        change: 'step then: after 1d',
        consequence: 'customers who reach it from now on take it; no customer is moved back',
      },
    ],
    [
      'a removed step',
      {
        [T]: (text) =>
          `${edit('  - { id: week, wait: { until: [{ after: 7d }] } }\n  - { id: again, goto: tip }\n', '')(text)}moved: { week: tip, again: exit }\n`,
      },
      {
        kind: 'step_removed',
        step: 'week',
        consequence: "customers at it move to 'tip'; their planned contacts there are cancelled",
      },
    ],
    [
      'the goal',
      { [T]: edit('within: 90d', 'within: 60d') },
      {
        kind: 'goal_changed',
        journey: 'tips',
        consequence:
          'applies at once to customers inside, for events from now on; goals that are reached stay reached',
      },
    ],
    [
      'an exit',
      { [T]: edit('exit: [{ after: 90d }]', 'exit: [{ after: 60d }]') },
      {
        kind: 'exit_changed',
        change: 'after 60d',
        consequence: 'applies at once: a customer who meets an exit leaves at the next evaluation',
      },
    ],
    [
      'the holdout',
      { [T]: edit('holdout: 10%', 'holdout: 20%') },
      {
        kind: 'holdout_changed',
        change: '10% → 20%',
        consequence:
          'customers inside keep their arm; customers who enter from now on are drawn with the new share, and the smaller share is contained in the larger',
      },
    ],
    [
      'an entry',
      { [T]: edit('enter: {', 'enter: { maxAge: 2d, ') },
      {
        kind: 'entry_changed',
        consequence: 'applies to customers who enter from now on; customers inside stay',
      },
    ],
    [
      'pinning',
      { [T]: also('versions: pin') },
      {
        kind: 'versions_changed',
        consequence:
          'customers who enter from now on finish under the version that they entered; customers inside keep following edits',
      },
    ],
    [
      'the owner',
      { [W]: also('roles: [crew]'), [T]: edit('owner: care', 'owner: crew') },
      {
        kind: 'journey_changed',
        change: 'owner: "crew"',
        consequence: 'is used in reports only: no customer is affected',
      },
    ],
    [
      'an added journey',
      {
        'journeys/more.yaml':
          '{ id: more, owner: care, class: service, enter: X, exit: [{ after: 1d }], steps: [{ id: a, exit: done }] }',
      },
      {
        kind: 'journey_added',
        journey: 'more',
        consequence:
          'customers enter by events that are accepted from now on; customers who are already in its segment enter only with backfill',
      },
    ],
    [
      'a removed journey',
      { 'journeys/overdue.yaml': null },
      {
        kind: 'journey_removed',
        journey: 'overdue',
        consequence:
          'customers inside leave with reason journey_removed, and their planned contacts are cancelled; no customer enters from now on',
      },
    ],
    [
      'an action',
      { [A]: edit('tags: [tips]', 'tags: [tips], priority: 3') },
      {
        kind: 'action_changed',
        change: 'action tip',
        consequence: 'planned contacts are sent as they were decided; later decisions use the new definition',
      },
    ],
    [
      'the name of an action',
      { [A]: edit('id: tip,', 'id: tip, name: Weekly tip,') },
      {
        kind: 'action_changed',
        change: 'action tip, name none → Weekly tip',
        consequence: 'is read by people only: no customer is affected',
      },
    ],
    [
      'the name of an action, and what it does',
      { [A]: edit('id: tip,', 'id: tip, name: Weekly tip, priority: 3,') },
      {
        kind: 'action_changed',
        change: 'action tip, name none → Weekly tip',
        consequence: 'planned contacts are sent as they were decided; later decisions use the new definition',
      },
    ],
    [
      'the description of a journey',
      { [T]: edit('owner: care', 'owner: care\ndescription: A tip a week.') },
      {
        kind: 'journey_changed',
        journey: 'tips',
        change: 'description: "A tip a week."',
        consequence: 'is read by people only: no customer is affected',
      },
    ],
    [
      'a removed action',
      {
        [A]: edit('- { id: help, class: service, about: ticket }\n', ''),
        'content/help/email.en.liquid': null,
        'journeys/care.yaml': (text) => edit('[call, help]', '[call]')(edit('[help]', '[call]')(text)),
      },
      {
        kind: 'action_removed',
        change: 'action help',
        consequence: 'planned contacts are sent as they were decided; later decisions never choose it',
      },
    ],
    [
      'policy',
      { [W]: also('spacing: 2d') },
      {
        kind: 'policy_changed',
        change: 'workspace spacing',
        consequence: 'applies to all customers from the next decision and claim',
      },
    ],
    [
      'stages',
      { [W]: edit('owner: care }', 'owner: care, when: "true" }') },
      {
        kind: 'policy_changed',
        change: 'workspace stages',
        consequence:
          "each customer's stage is computed again at the next evaluation; a change emits Stage Changed",
      },
    ],
    [
      'a group',
      { 'group.yaml': '{ id: house, workspaces: [shop] }' },
      { kind: 'policy_changed', change: 'group' },
    ],
    [
      'a source',
      { 'sources.yaml': '- { id: crm, kind: standard-webhooks }' },
      {
        kind: 'source_added',
        change: 'source crm',
        consequence: 'requests to its URL are accepted from now on, once it has a secret',
      },
    ],
    [
      'a segment',
      { 'segments.yaml': '{ a: "true" }' },
      {
        kind: 'segment_added',
        consequence:
          'all customers are evaluated once; customers who are already inside enter a journey by it only with backfill',
      },
    ],
    [
      'an attribute',
      { 'attributes.yaml': '{ a: { sensitivity: 1 } }' },
      { kind: 'attribute_changed', change: 'attribute a' },
    ],
  ])('%s', (_name, changes, edited) => {
    expect(diff(changes)).toContainEqual(expect.objectContaining(edited));
  });

  test('edits of a pinned journey do not affect customers inside', () => {
    const pinned = bundleOf(before, { [T]: also('versions: pin') });
    const after = bundleOf(pinned, {
      [T]: (text) =>
        `${edit('after: 7d', 'after: 2d')(edit('within: 90d', 'within: 9d')(text))}versions: pin\n`,
    });
    expect(diffBundles(pinned, after)).toEqual([
      { kind: 'goal_changed', journey: 'tips', change: 'Order Completed', consequence: PINNED },
      {
        kind: 'wait_changed',
        journey: 'tips',
        step: 'week',
        change: 'step week: after 7d → after 2d',
        consequence: PINNED,
      },
    ]);
    const gone = diffBundles(pinned, { ...pinned, journeys: [] });
    expect(gone.find(({ journey }) => journey === 'tips')?.consequence).toBe(
      'customers inside finish under the version that they entered; no customer enters from now on',
    );
  });
});

test('the first bundle consists of additions', () => {
  expect(diffBundles(null, before).map(({ kind }) => kind)).toEqual([
    'journey_added',
    'journey_added',
    'journey_added',
    'action_added',
    'action_added',
    'action_added',
    ...Object.keys(before.workspace).map(() => 'policy_changed'),
  ]);
});

test('a bundle has no difference to itself, nor to a copy with another order of keys', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, shuffled(inner)]),
    );
  };
  expect(diffBundles(before, before)).toEqual([]);
  expect(diffBundles(before, shuffled(before) as Bundle)).toEqual([]);
});

test('every changed key of a journey gives an edit with a consequence', () => {
  const tips = before.journeys.find(({ id }) => id === 'tips');
  if (!tips) throw new Error('no tips');
  const keys = Object.keys(tips).filter(
    (key) => !['id', 'class', 'activeSince', 'moved', 'steps'].includes(key),
  );
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.anything({ maxDepth: 0 }), (key, value) => {
      const old = (tips as unknown as Record<string, unknown>)[key];
      fc.pre(JSON.stringify(value) !== JSON.stringify(old) && ['string', 'number'].includes(typeof old));
      fc.pre(typeof value === typeof old);
      const journeys = before.journeys.map((j) => (j === tips ? { ...tips, [key]: value } : j));
      const edits = diffBundles(before, { ...before, journeys });
      expect(edits).toHaveLength(1);
      expect(edits[0]).toHaveProperty('journey', 'tips');
    }),
  );
});
