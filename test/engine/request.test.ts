import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { toTentativeContact } from '../../src/engine/contacts.ts';
import { caps } from '../../src/engine/gates/caps.ts';
import type { Gate } from '../../src/engine/gates/gate.ts';
import { limits } from '../../src/engine/gates/limits.ts';
import { bundlePolicy } from '../../src/engine/policy.ts';
import { createRequest } from '../../src/engine/request.ts';
import { action, bundle, candidate, facts, NOW, request, ticket, workspace } from './support.ts';

test('a request takes open tickets, the cool-down and the subject from its facts unless they are given', () => {
  const open = ticket({ id: 'T1' });
  const closed = ticket({ id: 'T2', status: 'closed', closedAt: NOW - HOUR });
  const input = {
    purpose: 'preview' as const,
    policy: bundlePolicy(bundle()),
    facts: facts({ tickets: [open, closed] }),
    bundle: bundle(),
    now: NOW,
    evaluate: () => ({ ok: true as const, value: true }),
    scores: {},
  };
  const made = createRequest(input);
  expect(made).toMatchObject({
    openTickets: [open],
    experimentSubject: 'cus_1',
    tentativeContacts: [],
    seed: '',
  });
  expect(made.quietUntil).toBeGreaterThan(NOW);
  expect(createRequest({ ...input, quietUntil: null, openTickets: [] })).toMatchObject({
    quietUntil: null,
    openTickets: [],
  });
});

test('E-7: a tentative contact fills a shared cap like a row, and the cap lifts when it has left the window', () => {
  const cap = { max: 2, per: DAY, channel: null, purpose: null, of: 'account' as const };
  const shop = bundle({ workspace: workspace({ caps: [cap] }) });
  const sharedUse = [{ cap, action: null, used: 1, freeIn: null }];
  const other = toTentativeContact(candidate(action({ id: 'other' })), NOW);
  const judge = (tentativeContacts = [other]) =>
    caps(candidate(), request({ bundle: shop, facts: facts({ sharedUse }), tentativeContacts }));
  expect(judge([])).toEqual([{ gate: 'caps', rule: 'caps[0]', pass: true }]);
  expect(judge()).toMatchObject([{ code: 'cap_reached', observed: 2, needed: 2, liftsAt: NOW + DAY }]);
  expect(judge([{ ...other, class: 'service' }])).toMatchObject([{ pass: true }]);
});

test('a tentative contact counts against the limit of its action, and of no other', () => {
  const tip = action({ limit: [{ max: 1, every: DAY, per: 'customer' }] });
  const judge = (id: string) =>
    limits(
      candidate(tip),
      request({ tentativeContacts: [toTentativeContact(candidate(action({ id })), NOW)] }),
    );
  expect(judge('tip')).toMatchObject([{ code: 'limit_reached', liftsAt: NOW + DAY }]);
  expect(judge('other')).toMatchObject([{ pass: true }]);
});

test('a gate cannot read a slice that it does not declare', () => {
  const gate: Gate<'permissions'> = (_, { facts: loaded }) => {
    // @ts-expect-error: the slice `contacts` was not declared
    const { deliveries } = loaded;
    return deliveries ? [] : [{ gate: 'test', pass: loaded.consents.length > 0 }];
  };
  expect(gate(candidate(), request())).toEqual([]);
});
