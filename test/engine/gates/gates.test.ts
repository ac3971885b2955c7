import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Candidate, GateVerdict } from '../../../src/domain/candidate.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import { ACTION_CLASSES, type ActionDef, type TicketPolicy } from '../../../src/domain/definition.ts';
import type { Evaluator, Facts } from '../../../src/domain/facts.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { judgeCandidate } from '../../../src/engine/gates/judge.ts';
import type { DecisionRequest } from '../../../src/engine/request.ts';
import {
  action,
  attribute,
  bundle,
  candidate,
  delivery,
  facts,
  NOW,
  request,
  TICKETS,
  ticket,
  workspace,
} from '../support.ts';

function blockedBy(
  of: ActionDef,
  changes: Partial<DecisionRequest> = {},
  candidateChanges: Partial<Candidate> = {},
): GateVerdict[] {
  return judgeCandidate(candidate(of, candidateChanges), request(changes)).filter((v) => !v.pass);
}
const codes = (verdicts: GateVerdict[]) => verdicts.map((v) => v.code);
const marketing = action();
const service = (changes: Partial<ActionDef> = {}) => action({ id: 'help', class: 'service', ...changes });

test('a customer without restrictions passes every gate', () => {
  for (const of of ACTION_CLASSES) expect(blockedBy(action({ class: of }))).toEqual([]);
});

test('D-4: an open ticket and then its cool-down silence marketing, and service that is about something else', () => {
  const open = facts({ tickets: [ticket()] });
  expect(blockedBy(marketing, { facts: open })).toMatchObject([
    { gate: 'suppression', code: 'ticket_open', observed: ['T1'], liftsOn: 'Ticket Closed' },
  ]);
  expect(codes(blockedBy(service(), { facts: open }))).toEqual(['ticket_open']);
  for (const of of ['transactional', 'mandatory'] as const)
    expect(blockedBy(action({ class: of }), { facts: open })).toEqual([]);
  const cooling = facts({ tickets: [ticket({ status: 'closed', quietUntil: NOW + HOUR })] });
  expect(blockedBy(marketing, { facts: cooling })).toMatchObject([
    { code: 'cooling_down', observed: ['T1'], liftsAt: NOW + HOUR },
  ]);
  expect(blockedBy(service(), { facts: cooling })).toEqual([]);
  expect(blockedBy(marketing, { facts: cooling, now: NOW + HOUR })).toEqual([]);
});

test('D-5: while a ticket is open, service about a known ticket or a named order passes', () => {
  const open = facts({ tickets: [ticket(), ticket({ id: 'T0', status: 'closed', quietUntil: 0 })] });
  const about = (what: 'ticket' | 'order', subject: string | null) =>
    codes(blockedBy(service({ about: what }), { facts: open }, { subject }));
  expect(about('ticket', 'T1')).toEqual([]);
  expect(about('ticket', 'T0')).toEqual([]);
  expect(about('ticket', 'T9')).toEqual(['ticket_open']);
  expect(about('ticket', null)).toEqual(['ticket_open']);
  expect(about('order', 'o-1')).toEqual([]);
  expect(about('order', null)).toEqual(['ticket_open']);
});

test('D-4: a ticket’s severity and product decide which actions it silences, open and cooling down', () => {
  const policy: TicketPolicy = {
    ...TICKETS,
    scope: 'product',
    severity: {
      low: { suppress: [], cooldown: null },
      critical: { suppress: ['marketing', 'service'], cooldown: 9 * DAY },
    },
  };
  const shop = bundle({ workspace: workspace({ tickets: policy }) });
  const with_ = (...tickets: ReturnType<typeof ticket>[]) => ({ bundle: shop, facts: facts({ tickets }) });
  expect(blockedBy(marketing, with_(ticket({ severity: 'low' })))).toEqual([]);
  expect(blockedBy(service(), with_(ticket({ severity: 'low' })))).toEqual([]);
  const related = service({ about: 'ticket' });
  expect(codes(blockedBy(related, with_(ticket({ severity: 'critical' })), { subject: 'T1' }))).toEqual([
    'ticket_open',
  ]);
  const grinder = ticket({ product: 'grinder' });
  const other = ticket({ id: 'T2', product: 'machine' });
  expect(blockedBy(action({ product: 'machine' }), with_(grinder))).toEqual([]);
  expect(blockedBy(action({ product: 'machine' }), with_(grinder, other))).toMatchObject([
    { observed: ['T2'] },
  ]);
  expect(blockedBy(service({ product: 'machine' }), with_(grinder))).toEqual([]);
  const closed = ticket({ status: 'closed', product: 'grinder', severity: 'critical' });
  expect(blockedBy(action({ product: 'grinder' }), with_(closed))).toMatchObject([
    { code: 'cooling_down', liftsAt: NOW + 9 * DAY },
  ]);
  expect(blockedBy(action({ product: 'machine' }), with_(closed))).toEqual([]);
});

test('E-7, D-16: a ticket of another member of the account, or of the same person in another brand, silences like an own one', () => {
  const theirs = facts({ tickets: [ticket({ id: 'T7', ownerId: 'cus_2' })] });
  expect(blockedBy(marketing, { facts: theirs })).toMatchObject([{ code: 'ticket_open', observed: ['T7'] }]);
  // "Service is no loophole" protects who has the problem; a colleague's shipping question is still answered.
  expect(blockedBy(service(), { facts: theirs })).toEqual([]);
  const closed = facts({ tickets: [ticket({ id: 'T7', ownerId: 'cus_2', status: 'closed' })] });
  expect(blockedBy(marketing, { facts: closed })).toMatchObject([{ liftsAt: NOW + 48 * HOUR }]);
});

test('E-5: marketing needs a grant for its purpose, channel and topic; unknown counts as no; other classes need none', () => {
  const given = (status: 'granted' | 'withdrawn', changes = {}) => ({
    purpose: 'marketing',
    channel: '*',
    topic: '*',
    status,
    source: 'web',
    at: NOW,
    seq: 9,
    ...changes,
  });
  const consentCodes = (of: ActionDef, ...consents: ReturnType<typeof given>[]) =>
    codes(blockedBy(of, { facts: facts({ consents }) }));
  expect(consentCodes(marketing)).toEqual(['consent_unknown']);
  expect(consentCodes(action({ purpose: 'research' }), given('granted'))).toEqual(['consent_unknown']);
  expect(consentCodes(action({ purpose: 'research' }), given('granted', { purpose: 'research' }))).toEqual(
    [],
  );
  const noTips = [given('granted'), given('withdrawn', { topic: 'tips', seq: 10 })];
  expect(consentCodes(action({ topic: 'tips' }), ...noTips)).toEqual(['consent_withdrawn']);
  expect(consentCodes(action({ topic: 'offers' }), ...noTips)).toEqual([]);
  expect(
    consentCodes(marketing, given('granted'), given('withdrawn', { channel: 'email', seq: 10 })),
  ).toEqual(['consent_withdrawn']);
  for (const of of ['service', 'transactional', 'mandatory'] as const)
    expect(consentCodes(action({ class: of }))).toEqual([]);
});

test('E-5: a snooze silences all marketing, or its topics, until its end', () => {
  const snoozed = (topics: string[] | null): Facts => {
    const customerFacts = facts();
    customerFacts.profile.snoozed = { until: NOW + 7 * DAY, topics, at: NOW };
    return customerFacts;
  };
  const all = { facts: snoozed(null) };
  const tips = { facts: snoozed(['tips']) };
  expect(blockedBy(marketing, all)).toMatchObject([
    { code: 'snoozed', liftsAt: NOW + 7 * DAY, liftsOn: 'Customer Snoozed' },
  ]);
  expect(blockedBy(marketing, { ...all, now: NOW + 7 * DAY })).toEqual([]);
  expect(codes(blockedBy(action({ topic: 'tips' }), tips))).toEqual(['snoozed']);
  expect(blockedBy(action({ topic: 'offers' }), tips)).toEqual([]);
  expect(blockedBy(marketing, tips)).toEqual([]);
  expect(blockedBy(service(), all)).toEqual([]);
});

test('E-10: a channel needs its own address, and each channel has its own suppression list', () => {
  const on = (channel: string, changes: Partial<Facts> = {}) =>
    blockedBy(action({ channels: [channel] }), { facts: facts(changes) });
  expect(codes(on('sms'))).toEqual(['no_address']);
  expect(on('inbox')).toEqual([]);
  expect(on('fax')).toMatchObject([{ code: 'no_channel', needed: 'fax', liftsOn: 'bundle' }]);
  const address = 'ada@example.com';
  expect(codes(on('email', { suppressedAddresses: [{ channel: 'email', address }] }))).toEqual([
    'address_suppressed',
  ]);
  expect(on('email', { suppressedAddresses: [{ channel: 'sms', address }] })).toEqual([]);
  const profile = emptyProfile();
  profile.traits.phone = { value: '+49 170 1234567', at: NOW, seq: 1, source: 'web' };
  expect(on('sms', { profile })).toEqual([]);
  const suppressedAddresses = [{ channel: 'sms', address: '+491701234567' }];
  expect(codes(on('sms', { profile, suppressedAddresses }))).toEqual(['address_suppressed']);
});

test('sunset: marketing ends for a customer without activity; events that Throughline emits are no activity', () => {
  const shop = bundle({
    workspace: workspace({ sunset: { after: 180 * DAY } }),
    journeys: [
      { steps: [{ kind: 'emit', id: 'e', next: 'exit', event: 'Tip Given', properties: {} }] },
    ] as never,
  });
  const heard = (name: string, daysAgo: number, knownDays = 400): GateVerdict[] => {
    const customerFacts = facts({ knownSince: NOW - knownDays * DAY });
    customerFacts.profile.counts[name] = { n: 1, first: 0, last: NOW - daysAgo * DAY };
    return blockedBy(marketing, { bundle: shop, facts: customerFacts });
  };
  expect(heard('Page Viewed', 181)).toMatchObject([
    {
      gate: 'sunset',
      code: 'sunset',
      observed: NOW - 181 * DAY,
      needed: NOW - 180 * DAY,
      liftsOn: 'Customer Activity',
    },
  ]);
  for (const name of [
    'Page Viewed',
    'Order Completed',
    'Ticket Opened',
    'Delivery Opened',
    'Delivery Clicked',
    'Anything',
  ])
    expect(heard(name, 179)).toEqual([]);
  for (const name of [
    'Delivery Sent',
    'Stage Changed',
    'Segment Entered',
    'Customer Identified',
    'Group Joined',
    'Entry Due',
    'Tip Given',
    'Consent Changed',
  ])
    expect(codes(heard(name, 1))).toEqual(['sunset']);
  expect(heard('Delivery Sent', 1, 179)).toEqual([]);
  const silent = { bundle: shop, facts: facts() };
  expect(blockedBy(marketing, silent)).toMatchObject([{ observed: null }]);
  expect(blockedBy(service(), silent)).toEqual([]);
});

test('B-2: a web visit counts as activity for sunset, and a call by a person counts against the limit', () => {
  const call = {
    id: 'tsk_1',
    enrollmentId: 'enr_0',
    action: 'agent-call',
    class: 'service' as const,
    key: 'k-1',
    state: 'resolved' as const,
    queue: 'sales',
    level: 0,
    at: NOW - DAY,
    acknowledgeBy: NOW,
    resolveBy: NOW,
    outcome: 'reached',
  };
  const again = service({
    id: 'agent-call',
    mode: 'human',
    limit: [{ max: 1, every: 7 * DAY, per: 'customer' }],
  });
  expect(blockedBy(again, { facts: facts({ tasks: [call] }) })).toMatchObject([
    { code: 'limit_reached', liftsAt: NOW + 6 * DAY },
  ]);
  const push = action({ id: 'order-shipped', class: 'transactional', channels: ['push'] });
  const cap = { max: 1, per: DAY, channel: 'push', purpose: 'transactional', of: 'customer' as const };
  const pushed = facts({
    deliveries: [
      delivery({ class: 'transactional', purpose: 'transactional', channel: 'push', at: NOW - HOUR }),
    ],
  });
  pushed.profile.traits.pushToken = { value: 't', at: NOW, seq: 1, source: 'app' };
  expect(
    codes(blockedBy(push, { facts: pushed, bundle: bundle({ workspace: workspace({ caps: [cap] }) }) })),
  ).toEqual(['cap_reached']);
});

test('C-1, C-2: a condition on a withheld attribute blocks, and its verdict names the attribute and the reason', () => {
  const customerFacts = facts({ attributes: { plan: attribute({ uses: ['service'] }) } });
  customerFacts.profile.traits.plan = { value: 'gold', at: NOW, seq: 1, source: 'web' };
  const evaluate: Evaluator = () => ({ ok: false, error: 'no such key: traits.plan' });
  const of = action({ eligible: "traits.plan == 'gold'", reads: ['plan'] });
  expect(blockedBy(of, { facts: customerFacts, evaluate })).toMatchObject([
    { gate: 'eligibility', code: 'error', observed: 'no such key: traits.plan; withheld: traits.plan (use)' },
  ]);
});

test('a gate that throws blocks its candidate with the reason', () => {
  const broken = facts({ consents: null as never });
  expect(blockedBy(marketing, { facts: broken })).toMatchObject([
    { gate: 'consent', code: 'error', liftsOn: 'bundle' },
  ]);
});

/** Each of these blocks marketing for a reason of its own. */
const REASONS: Record<string, (s: DecisionRequest, of: ActionDef) => void> = {
  consent: ({ facts: customer }) => {
    customer.consents = [];
  },
  reachable: ({ facts: customer }) => {
    customer.suppressedAddresses = [{ channel: 'email', address: 'ada@example.com' }];
  },
  quiet_hours: ({ policy }) => {
    policy.quiet = { from: 11 * 60, to: 13 * 60, classes: ['marketing'] };
  },
  paused: ({ facts: customer }) => {
    customer.paused = { since: NOW, reason: 'asked', by: 'ann' };
  },
  guardrail: ({ facts: customer }, of) => {
    customer.pausedActions = [{ action: of.id, since: NOW, harm: 'unsubscribe' }];
  },
  snooze: ({ facts: customer }) => {
    customer.profile.snoozed = { until: NOW + DAY, topics: null, at: NOW };
  },
  suppression: (s) => {
    s.facts.tickets = [ticket()];
    s.openTickets = s.facts.tickets;
  },
  eligibility: (_, of) => {
    of.eligible = 'no';
  },
  applicability: (_, of) => {
    of.applicable = 'no';
  },
  suitability: (_, of) => {
    of.suitable = 'fails';
  },
  spacing: ({ policy, facts: { deliveries } }) => {
    policy.spacing = 2 * DAY;
    deliveries.push(delivery());
  },
  caps: ({ bundle: { workspace: rules }, facts: { deliveries } }) => {
    rules.caps = [{ max: 1, per: 2 * DAY, channel: null, purpose: null, of: 'customer' }];
    deliveries.push(delivery());
  },
  limit: ({ facts: { deliveries } }, of) => {
    of.limit = [{ max: 1, every: null, per: 'customer' }];
    deliveries.push(delivery());
  },
  sunset: ({ bundle: { workspace: rules } }) => {
    rules.sunset = { after: DAY };
  },
  budget: ({ facts: customer }, of) => {
    of.budget = { amount: 1, of: 'workspace' };
    customer.budgets = [{ action: of.id, spent: 100, unitsGiven: 0, resetsAt: NOW + DAY }];
  },
  coupon: (_, of) => {
    of.coupon = { percent: 20, validFor: DAY, once: 'x' };
  },
};

test('I6: a blocked candidate lists every reason with a code, in any combination; a claim lists all but the conditions', () => {
  const evaluate: Evaluator = (e) =>
    e === 'fails' ? { ok: false, error: 'no such key' } : { ok: true, value: e !== 'no' };
  const conditions = ['eligibility', 'applicability', 'suitability', 'coupon'];
  fc.assert(
    fc.property(fc.subarray(Object.keys(REASONS)), (reasons) => {
      const of = action();
      const at = request({ bundle: bundle({ workspace: workspace() }), evaluate });
      for (const reason of reasons) REASONS[reason]?.(at, of);
      const verdicts = judgeCandidate(candidate(of), at);
      expect(
        verdicts
          .filter((v) => !v.pass)
          .map((v) => v.gate)
          .sort(),
      ).toEqual([...reasons].sort());
      expect([...new Set(verdicts.map((v) => v.gate))].sort()).toEqual(Object.keys(REASONS).sort());
      for (const verdict of verdicts) checkShape(verdict);
      const claimed = judgeCandidate(candidate(of), {
        ...at,
        policy: { ...at.policy, gates: 'claim' },
      }).filter((v) => !v.pass);
      expect(claimed.map((v) => v.gate).sort()).toEqual(
        reasons.filter((r) => !conditions.includes(r)).sort(),
      );
    }),
    { numRuns: 500 },
  );
});

function checkShape(verdict: GateVerdict): void {
  if (verdict.pass) {
    expect(Object.keys(verdict).filter((key) => key !== 'rule')).toEqual(['gate', 'pass']);
    return;
  }
  expect(verdict.code).toMatch(/^[a-z_]+$/);
  const never = ['eligibility', 'applicability', 'suitability', 'limit', 'coupon'];
  if (!never.includes(verdict.gate)) expect(verdict.liftsAt ?? verdict.liftsOn).toBeTruthy();
  if (verdict.liftsAt) expect(verdict.liftsAt).toBeGreaterThan(NOW);
}
