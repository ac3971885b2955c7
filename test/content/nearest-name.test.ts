import { expect, test } from 'vitest';
import { findNearest } from '../../src/content/nearest-name.ts';

const NAMES = ['Order Completed', 'Order Refunded', 'Ticket Closed', 'help-email', 'tip', 'firstName'];

test.each([
  ['Order Complete', 'Order Completed'],
  ['order_completed', 'Order Completed'],
  ['Ordre Completed', 'Order Completed'],
  ['Ticket Close', 'Ticket Closed'],
  ['Completed Order', 'Order Completed'],
  ['close_ticket', 'Ticket Closed'],
  ['help-emial', 'help-email'],
  ['first_name', 'firstName'],
  ['tips', 'tip'],
  ['Product Viewed', undefined],
  ['nudge', undefined],
  ['Ticket Closed', undefined],
])('%s most likely means %s', (name, nearest) => {
  expect(findNearest(name, NAMES)).toBe(nearest);
});
