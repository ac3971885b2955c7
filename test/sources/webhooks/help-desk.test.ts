import { expect, test } from 'vitest';
import { nameTicketEvent, type StatusReport } from '../../../src/sources/webhooks/help-desk.ts';
import { readRows } from './help-desk-support.ts';

const REPORTS: Record<string, StatusReport[]> = {
  'a new ticket that is open': [
    { status: 'New', isNew: true },
    { status: undefined, isNew: true },
  ],
  'a new ticket that is closed, such as a call that was settled': [{ status: 'SOLVED', isNew: true }],
  'open before, closed now': [
    { status: 'closed', previous: 'pending' },
    { status: 'Resolved', previous: undefined },
  ],
  'closed before, open now': [{ status: 'open', previous: 'solved' }],
  'solved before, closed now': [{ status: 'closed', previous: 'solved' }],
  'anything else': [
    { status: 'pending', previous: 'open' },
    { status: 'open' },
    { status: undefined },
    { status: 'In repair', previous: 'open' },
  ],
};

test.each(readRows('Help desks', 'The report says'))('%s is %s', (says, event) => {
  expect(REPORTS).toHaveProperty([says]);
  for (const report of REPORTS[says] ?? []) expect(nameTicketEvent(report, {})).toBe(event);
});
