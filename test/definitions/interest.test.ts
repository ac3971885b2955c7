import { expect, test } from 'vitest';
import { compileWith, edit } from './files.ts';

function interestOf(changes?: Parameters<typeof compileWith>[0]) {
  const result = compileWith(changes);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.bundle.interest;
}

const withTip = (condition: string) => ({
  'actions/all.yaml': edit('tags: [tips]', `tags: [tips], eligible: "${condition}"`),
});

test('the events of all triggers, and the traits that delivery needs', () => {
  const interest = interestOf({
    'journeys/tips.yaml': (text) =>
      edit(
        'exit: [{ after: 90d }]',
        'exit: [Account Closed, { after: 90d }]',
      )(edit('[{ after: 7d }]', '[{ on: Machine Cleaned, when: "traits.a == 1" }, { after: 7d }]')(text)),
  });
  expect(interest).toEqual({
    events: ['Account Closed', 'Machine Cleaned', 'Order Completed', 'Ticket Opened'],
    traits: ['a', 'email', 'locale', 'timezone'],
  });
});

test.each([
  [
    'cart.total > 1.0',
    ['Cart Updated', 'Cart Viewed', 'Checkout Started', 'Product Added', 'Product Removed'],
  ],
  ['orders.size() > 1', ['Order Cancelled', 'Order Refunded']],
  ['scores.value > 0.5', ['Order Cancelled', 'Order Refunded']],
  ["count('Survey Answered') > 1", ['Survey Answered']],
  ["daysSince('Page Viewed') > 1.0", ['Page Viewed']],
])('%s depends on events', (condition, events) => {
  expect(interestOf(withTip(condition)).events).toEqual(
    [...events, 'Order Completed', 'Ticket Opened'].sort(),
  );
});

test('a computed name of a trait is any trait', () => {
  expect(interestOf(withTip('traits[event.name] == 1')).traits).toContain('*');
});
