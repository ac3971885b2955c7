import { expect, test } from 'vitest';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { compileWith, edit, filesWith } from '../bundle-files.ts';

function interestOf(changes?: Parameters<typeof compileWith>[0]) {
  const result = compileWith(changes);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.bundle.interest;
}

const withTip = (condition: string) => ({
  'actions/all.yaml': edit('tags: [tips]', `tags: [tips], eligible: "${condition}"`),
});

test('interest contains the events of all triggers and the traits that delivery needs', () => {
  const interest = interestOf({
    'journeys/tips.yaml': (text) =>
      edit(
        'exit: [{ after: 90d }]',
        'exit: [Account Closed, { after: 90d }]',
      )(edit('[{ after: 7d }]', '[{ on: Machine Cleaned, when: "traits.a == 1" }, { after: 7d }]')(text)),
  });
  expect(interest).toEqual({
    events: [
      'Account Closed',
      'Machine Cleaned',
      'Order Completed',
      'Ticket Closed',
      'Ticket Opened',
      'Ticket Overdue',
    ],
    traits: ['a', 'email', 'locale', 'timezone'],
    accountEvents: [],
    windows: {},
  });
});

test.each([
  [
    'cart.total > 1.0',
    ['Cart Updated', 'Cart Viewed', 'Checkout Started', 'Product Added', 'Product Removed'],
  ],
  ['orders.size() > 1', ['Order Cancelled', 'Order Refunded', 'Order Updated']],
  ['scores.value > 0.5', ['Order Cancelled', 'Order Refunded', 'Order Updated']],
  ["count('Survey Answered') > 1", ['Survey Answered']],
  ["daysSince('Page Viewed') > 1.0", ['Page Viewed']],
  ["count('Page Viewed', 30) > 1", ['Page Viewed']],
  ['has(account.tier)', ['Group Joined']],
])('interest contains the events that %s depends on', (condition, events) => {
  expect(interestOf(withTip(condition)).events).toEqual(
    [...events, 'Order Completed', 'Ticket Closed', 'Ticket Opened', 'Ticket Overdue'].sort(),
  );
});

test('a condition that computes the name of a trait is interested in all traits', () => {
  expect(interestOf(withTip('traits[event.name] == 1')).traits).toContain('*');
});

test('C-3: a segment adds to the interest only if an entry or a condition uses it', () => {
  const segments = `{ vip: "traits.tier == 'vip'", frequent: "count('Page Viewed', 30) > 5", idle: "has(traits.idle)" }`;
  const interest = interestOf({
    'segments.yaml': segments,
    'journeys/tips.yaml': edit('enter: {', 'enter:\n  - { segment: frequent, on: enter }\n  - {'),
    'actions/all.yaml': edit('tags: [tips]', 'tags: [tips], eligible: "segment(\'vip\')"'),
  });
  expect(interest.events).toContain('Page Viewed');
  expect(interest.windows).toEqual({ 'Page Viewed': 30 });
  expect(interest.traits).toEqual(['email', 'locale', 'tier', 'timezone']);
});

test('the window of an event is the longest that any stage, date, step or amount reads', () => {
  const interest = interestOf({
    'workspace.yaml': edit('owner: care }', `owner: care, when: "count('A', 30) > 0" }`),
    'journeys/tips.yaml': (text) =>
      edit(
        'wait: { until: [{ after: 7d }] }',
        `set: { vars.n: "count('A', 90)", traits.m: "traits.k" }`,
      )(edit('goto: tip', 'exit: done')(text)),
    'actions/all.yaml': edit('tags: [tips]', `tags: [tips], value: "count('B', 7) > 1 ? 2.0 : 1.0"`),
  });
  expect(interest.windows).toEqual({ A: 90, B: 7 });
  expect(interest.traits).toContain('k');
});

test('E-7: triggers with match account are listed as account events', () => {
  const goal = 'goal: { on: Order Completed,';
  const { accountEvents } = interestOf({
    'journeys/tips.yaml': edit(goal, 'goal: { on: Contract Renewed, match: account,'),
  });
  expect(accountEvents).toEqual(['Contract Renewed']);
});

test('interest contains the traits with the addresses of channels', () => {
  const workspace = (text: string) => `${text}channels: { sms: { via: webhook, address: phone } }\n`;
  expect(interestOf({ 'workspace.yaml': workspace }).traits).toContain('phone');
});

test('interest keeps what pinned enrollments of older versions depend on', () => {
  const before = compileWith({
    'journeys/tips.yaml': (text) =>
      `${edit('[{ after: 7d }]', '[{ on: Machine Cleaned }, { after: 7d }]')(text)}versions: pin\n`,
  });
  if (!before.ok) throw new Error(JSON.stringify(before.errors));
  const after = compileBundle(filesWith(), before.bundle, 0);
  expect(after.ok && after.bundle.interest.events).toContain('Machine Cleaned');
});
