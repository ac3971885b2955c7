import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';
import { diffBundles } from '../../../src/definitions/diff/bundles.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../../src/domain/definition.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { compileWith, edit, filesWith } from '../bundle-files.ts';

type Changes = Parameters<typeof filesWith>[0];

const W = 'workspace.yaml';
const A = 'actions/all.yaml';
const also = (more: string) => (text: string) => `${text}${more}\n`;
const tip = (more: string) => ({ [A]: edit('tags: [tips]', `tags: [tips], ${more}`) });
const mail = (subject: string) => `---\nsubject: ${subject}\n---\n<p>{{ traits.${subject} }}</p>\n`;

function bundleOf(changes: Changes = {}): Bundle {
  const compiled = compileWith(changes);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return { ...compiled.bundle, version: 1, format: BUNDLE_FORMAT };
}
const tipOf = (changes: Changes) => bundleOf(changes).actions.find(({ id }) => id === 'tip');

const ALL = `
autonomy: ai_rank
arbitration: { mode: pcvl, off: [fatigue, cost], fatigue: 0.35, explore: 3% }
ideal:
  - { id: home, when: "traits.place == 'home'", weight: 2 }
  - { id: often, when: "count('Order Completed', 90) > 2" }
worth: { margin: 42.5%, discount: 8%, horizon: 26w, weights: { future: 0.5, margin: 0.3 }, warm: 40, hot: 90 }
guardrails: { harms: [complaint], tolerance: 1.2, within: 7d }
sendTime: { fallback: "18:30", explore: 10% }
`;

describe('keys that say how decisions are made', () => {
  test('A-9: compile to numbers: money in minor units, shares of 10,000, fractions of 1', () => {
    expect(bundleOf({ [W]: also(ALL) }).workspace).toMatchObject({
      autonomy: 'ai_rank',
      arbitration: { mode: 'pcvl', off: ['fatigue', 'cost'], fatigue: 35, explore: 300 },
      ideal: [
        { id: 'home', when: "traits.place == 'home'", weight: 2 },
        { id: 'often', when: "count('Order Completed', 90) > 2", weight: 1 },
      ],
      worth: {
        margin: 0.425,
        discount: 0.08,
        horizonWeeks: 26,
        weights: { future: 0.5, margin: 0.3, advocacy: 0.1, engagement: 0.1 },
        warm: 40,
        hot: 90,
      },
      guardrails: { harms: ['complaint'], tolerance: 1.2, within: 7 * DAY },
      sendTime: { fallback: 18 * 60 + 30, explore: 1_000 },
    });
  });

  test('empty guardrails watch all harms', () => {
    expect(bundleOf({ [W]: also('guardrails: {}') }).workspace.guardrails).toEqual({
      harms: ['unsubscribe', 'complaint', 'ticket', 'refund'],
      tolerance: 1,
      within: 14 * DAY,
    });
  });

  test('the events of ideal are of interest only if a condition reads scores.type', () => {
    const read = { [W]: also(ALL), ...tip('eligible: "scores.type > 0.5"') };
    expect(bundleOf(read).interest).toMatchObject({
      traits: expect.arrayContaining(['place']),
      windows: { 'Order Completed': 90 },
    });
    expect(bundleOf({ [W]: also(ALL) }).interest.traits).not.toContain('place');
  });

  test.each([
    ['scores.intent > 0.5', true],
    ["scores['engagement'] > 0.5", true],
    ['scores.exists(name, name == "x")', true],
    ['scores.value > 0.5', false],
    ['scores.clv > 100.0 && now > scores.overdueAt', false],
  ])('views are of interest if a condition reads %s: %s', (eligible, wakes) => {
    const { interest } = bundleOf(tip(`eligible: '${eligible.replaceAll("'", "''")}'`));
    expect(interest.events.includes('Product Viewed')).toBe(wakes);
    expect(interest.events).toContain('Order Refunded');
  });

  test('a placement has an autonomy of its own', () => {
    const { placements } = bundleOf({
      [W]: also('channels: { web: { via: webhook } }'),
      [A]: also('- { id: banner, class: service, channels: [web] }'),
      'content/banner/web.en.txt': 'Hello',
      'placements.yaml': '{ id: home, channel: web, actions: [banner], fallback: banner, autonomy: ai_auto }',
    });
    expect(placements[0]?.autonomy).toBe('ai_auto');
  });

  test('compile boost, inventory and the amount of a reward', () => {
    const action = tipOf(
      tip(
        'boost: [{ when: "has(traits.a) && cart.total > 10.0", weight: 1.5 }, { when: "scores.intent > 0.5", weight: 0.25 }], inventory: { units: 500, per: month }, reward: { on: Order Completed, within: 14d, amount: event.properties.total }',
      ),
    );
    expect(action).toMatchObject({
      boost: [
        { when: 'has(traits.a) && cart.total > 10.0', weight: 1.5 },
        { when: 'scores.intent > 0.5', weight: 0.25 },
      ],
      inventory: { units: 500, per: 'month' },
      reward: {
        on: 'Order Completed',
        match: 'customer',
        within: 14 * DAY,
        amount: 'event.properties.total',
      },
    });
    expect(action?.reads).toContain('a');
    expect(tipOf(tip('inventory: { units: 3 }'))?.inventory).toEqual({ units: 3, per: null });
  });

  test('compiles the reasons of a task, in the order of the file, and notes the attributes they read', () => {
    const call =
      '- { id: ring, class: service, mode: human, task: { queue: q, acknowledge: 1h, resolve: 2h }, reasons: { value_high: scores.value >= 0.8, barista: has(traits.barista) } }';
    const action = bundleOf({ [A]: also(call) }).actions.find(({ id }) => id === 'ring');
    expect(action?.reasons).toEqual([
      { code: 'value_high', when: 'scores.value >= 0.8' },
      { code: 'barista', when: 'has(traits.barista)' },
    ]);
    expect(action?.reads).toContain('barista');
    expect(tipOf({})?.reasons).toEqual([]);
  });

  test.each<[string, Changes, string]>([
    ['a journey with a key', {}, 'key'],
    [
      'journeys with and without',
      {
        'journeys/more.yaml':
          '{ id: more, owner: care, class: service, enter: X, exit: [{ after: 1d }], steps: [{ id: a, decide: { actions: [help] } }] }',
      },
      'customer',
    ],
  ])('sets whose events reward an action that %s offers', (_name, changes, match) => {
    const files = { ...changes, [A]: edit('about: ticket', 'about: ticket, reward: { on: X, within: 1d }') };
    expect(bundleOf(files).actions.find(({ id }) => id === 'help')?.reward?.match).toBe(match);
  });

  test('a reward with match customer keeps it in a journey with a key', () => {
    const reward = 'about: ticket, reward: { on: X, within: 1d, match: customer }';
    const { actions } = bundleOf({ [A]: edit('about: ticket', reward) });
    expect(actions.find(({ id }) => id === 'help')?.reward?.match).toBe('customer');
  });
});

describe('C-5, A-2: test variants of content', () => {
  const both = { 'content/tip/email.en.b.liquid': mail('b'), 'content/tip/email.en.a.liquid': mail('a') };

  test('are listed from the file names, with the plain file as default', () => {
    expect(tipOf({})?.variants).toEqual({});
    expect(tipOf(both)?.variants).toEqual({ email: ['a', 'b', 'default'] });
  });

  test('are separate for each channel', () => {
    const action = tipOf({
      [W]: also('channels: { sms: { via: webhook, address: phone }, push: { via: webhook } }'),
      ...tip('channels: [email, sms, push]'),
      'content/tip/sms.en.txt': 'x',
      'content/tip/sms.en.y.txt': 'y',
      'content/tip/push.en.txt': 'p',
    });
    expect(action?.variants).toEqual({ sms: ['default', 'y'] });
  });

  test('B-10: an action reads what any of its variants reads', () => {
    expect(tipOf(both)?.reads).toEqual(['a', 'b']);
  });
});

describe('an edit of a decisioning key has a change and a consequence', () => {
  const before = bundleOf();
  test.each<[string, Changes, string, string]>([
    [
      'autonomy',
      { [W]: also('autonomy: ai_auto'), ...tip('reward: { on: X, within: 1d }') },
      'workspace autonomy: rules_only → ai_auto',
      'applies from the next decision to steps and placements without an autonomy of their own; planned contacts are sent as they were decided',
    ],
    [
      'arbitration',
      { [W]: also('arbitration: { fatigue: 0.5, off: [cost], explore: 1% }') },
      'workspace arbitration: explore 2% → 1%, fatigue 0.00 → 0.50, off none → cost',
      'applies from the next decision; planned contacts are sent as they were decided, and what the model learned is kept',
    ],
    [
      'the ideal',
      { [W]: also('ideal: [{ id: a, when: "cart.total > 1.0", weight: 2 }]') },
      'workspace ideal: none → a if cart.total > 1.0 × 2',
      'scores.type is computed with it from the next decision',
    ],
    [
      'worth',
      { [W]: also('worth: { margin: 25%, horizon: 26w, weights: { future: 0.5, margin: 0.3 } }') },
      'workspace worth: horizonWeeks 52w → 26w, margin 30% → 25%, weights.future 0.6 → 0.5, weights.margin 0.2 → 0.3',
      'customer values are computed with it from the next evaluation; ranks follow with the next nightly fit',
    ],
    [
      'guardrails',
      { [W]: also('guardrails: { harms: [complaint], within: 7d }') },
      'workspace guardrails: none → harms complaint, tolerance 1, within 7d',
      'applies from the next check; paused actions stay paused until a person resumes them',
    ],
    [
      'the time of sending',
      { [W]: also('sendTime: { fallback: "09:00" }') },
      'workspace sendTime: fallback none → 09:00',
      'applies to contacts that are planned from now on',
    ],
    [
      'a reward',
      tip('reward: { on: X, within: 3d, amount: event.properties.total }'),
      'action tip, reward none → X within 3d, event.properties.total',
      'planned contacts are sent as they were decided; later decisions use the new definition; rewards of past decisions count as defined when they were decided',
    ],
    [
      'a boost',
      tip('boost: [{ when: "cart.total > 1.0", weight: 2 }]'),
      'action tip, boost none → if cart.total > 1.0 × 2',
      'planned contacts are sent as they were decided; later decisions use the new definition; what the model learned is kept',
    ],
    [
      'an inventory',
      tip('inventory: { units: 5, per: month }'),
      'action tip, inventory none → 5 per month',
      'planned contacts are sent as they were decided; later decisions use the new definition; units already given away still count',
    ],
    [
      'variants',
      { 'content/tip/email.en.b.liquid': '---\nsubject: b\n---\n' },
      'action tip, variants none → email b, default',
      'planned contacts are sent as they were decided; later decisions use the new definition; customers keep their variant, except those whom the new shares move',
    ],
    [
      "a step's autonomy",
      {
        'journeys/tips.yaml': edit('hold: 30d', 'hold: 30d, autonomy: ai_rank'),
        ...tip('reward: { on: X, within: 1d }'),
      },
      'step tip: tip → tip (ai_rank)',
      'customers who are held there are decided again at once; planned contacts are sent as they were decided',
    ],
  ])('%s', (_name, changes, change, consequence) => {
    expect(diffBundles(before, bundleOf(changes))).toContainEqual(
      expect.objectContaining({ change, consequence }),
    );
  });

  test("is reported for a placement's autonomy", () => {
    const place = (more: string): Changes => ({
      [W]: also('channels: { web: { via: webhook } }'),
      [A]: also('- { id: banner, class: service, channels: [web] }'),
      'content/banner/web.en.txt': 'Hello',
      'placements.yaml': `{ id: home, channel: web, actions: [banner], fallback: banner${more} }`,
    });
    expect(diffBundles(bundleOf(place('')), bundleOf(place(', autonomy: ai_rank')))).toEqual([
      {
        kind: 'placement_changed',
        change: 'placement home changed, autonomy none → ai_rank',
        consequence: 'applies from the next request',
      },
    ]);
  });

  test('has one entry with old and new value for each changed key', () => {
    const { workspace } = bundleOf({ [W]: also(ALL) });
    const keys = ['autonomy', 'arbitration', 'ideal', 'worth', 'guardrails', 'sendTime'] as const;
    fc.assert(
      fc.property(fc.subarray([...keys], { minLength: 1 }), (changed) => {
        const next = {
          ...before.workspace,
          ...Object.fromEntries(changed.map((key) => [key, workspace[key]])),
        };
        const edits = diffBundles(before, { ...before, workspace: next });
        expect(edits.map(({ change }) => change.split(':')[0])).toEqual(
          [...changed].sort().map((key) => `workspace ${key}`),
        );
        for (const { change } of edits) expect(change).toMatch(/→/);
      }),
    );
  });
});

test('a stored bundle without decisioning keys is compiled again with the defaults', () => {
  const files = filesWith();
  const compiled = compileBundle(files, null, 1_234);
  if (!compiled.ok) throw new Error('does not compile');
  const current: Bundle = { ...compiled.bundle, format: BUNDLE_FORMAT, version: 3 };
  const { autonomy, arbitration, ideal, worth, guardrails, sendTime, ...workspace } = current.workspace;
  const actions = current.actions.map(({ boost, inventory, variants, ...action }) => action);
  const stored = { ...current, format: 2, workspace, actions } as unknown as Bundle;
  expect(recompileBundle(stored, files)).toEqual(current);
  expect([autonomy, guardrails, ideal, sendTime.fallback]).toEqual(['rules_only', null, [], null]);
  expect([arbitration.explore, worth.horizonWeeks]).toEqual([200, 52]);
});
