import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GateVerdict } from '../../../src/domain/candidate.ts';
import type { ActionDef, CapDef } from '../../../src/domain/definition.ts';
import { ACTION_CLASSES } from '../../../src/domain/definition.ts';
import { countsAsContact, DELIVERY_STATES, type DeliveryFact } from '../../../src/domain/delivery.ts';
import type { SharedUse } from '../../../src/domain/facts.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { judgeCandidate } from '../../../src/engine/gates/judge.ts';
import { computeLookBack, EVER } from '../../../src/engine/look-back.ts';
import type { DecisionRequest } from '../../../src/engine/request.ts';
import { action, bundle, candidate, delivery, facts, NOW, request, workspace } from '../support.ts';

const channel = fc.constantFrom('email', 'sms');
const purpose = fc.constantFrom('marketing', 'research');
const anyCap: fc.Arbitrary<CapDef> = fc.record({
  max: fc.integer({ min: 1, max: 4 }),
  per: fc.integer({ min: 1, max: 10 }).map((n) => n * DAY),
  channel: fc.option(channel),
  purpose: fc.option(purpose),
  of: fc.constant('customer' as const),
});
const anyDelivery: fc.Arbitrary<DeliveryFact> = fc
  .record({
    action: fc.constantFrom('tip', 'offer'),
    class: fc.constantFrom(...ACTION_CLASSES),
    purpose,
    channel,
    key: fc.constantFrom('k-1', 'k-2'),
    state: fc.constantFrom(...DELIVERY_STATES),
    at: fc.integer({ min: -15 * DAY, max: 0 }).map((ms) => NOW + ms),
  })
  .map((changes) => delivery(changes));

function verdicts(gate: string, of: ActionDef, on: string, at: DecisionRequest): GateVerdict[] {
  return judgeCandidate(candidate(of, { channel: on }), at).filter((v) => v.gate === gate);
}

test('caps: when the gate passes the window holds fewer contacts than its maximum, and at liftsAt it passes', () => {
  fc.assert(
    fc.property(
      fc.array(anyCap, { maxLength: 3 }),
      fc.array(anyCap, { maxLength: 2 }),
      fc.array(anyDelivery, { maxLength: 12 }),
      purpose,
      channel,
      (caps, ofGroup, deliveries, actionPurpose, on) => {
        const group = { id: 'g', workspaces: ['shop'], caps: ofGroup, shareSuppression: false };
        const of = action({ purpose: actionPurpose });
        const at = request({
          facts: facts({ deliveries }),
          bundle: bundle({ workspace: workspace({ caps }), group }),
        });
        const fulls = [...caps, ...ofGroup].filter(
          (cap) =>
            (cap.channel === null || cap.channel === on) &&
            (cap.purpose === null || cap.purpose === actionPurpose) &&
            deliveries.filter(
              (d) =>
                countsAsContact(d) &&
                d.at > NOW - cap.per &&
                (cap.channel === null || d.channel === cap.channel) &&
                (cap.purpose === null ? d.class === 'marketing' : d.purpose === cap.purpose),
            ).length >= cap.max,
        );
        const capVerdicts = verdicts('caps', of, on, at);
        expect(capVerdicts.filter((v) => !v.pass)).toHaveLength(fulls.length);
        if (fulls.length === 0) return;
        const liftsAt = Math.max(...capVerdicts.flatMap((v) => (v.pass ? [] : [v.liftsAt as number])));
        expect(verdicts('caps', of, on, { ...at, now: liftsAt }).every((v) => v.pass)).toBe(true);
        expect(verdicts('caps', of, on, { ...at, now: liftsAt - 1 }).some((v) => !v.pass)).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('limits: when the gate passes the action reached the customer, or the key, less often than allowed; at liftsAt it passes', () => {
  const limit = fc.record({
    max: fc.integer({ min: 1, max: 3 }),
    every: fc.constantFrom(null, 2 * DAY, 7 * DAY),
    per: fc.constantFrom('customer' as const, 'key' as const),
  });
  fc.assert(
    fc.property(
      fc.array(limit, { maxLength: 2 }),
      fc.array(anyDelivery, { maxLength: 12 }),
      (limits, deliveries) => {
        const of = action({ limit: limits });
        const at = request({ facts: facts({ deliveries }) });
        const reached = limits.filter(
          ({ max, every, per }) =>
            deliveries.filter(
              (d) =>
                countsAsContact(d) &&
                d.action === 'tip' &&
                (every === null || d.at > NOW - every) &&
                (per === 'customer' || d.key === 'k-1'),
            ).length >= max,
        );
        const blocked = verdicts('limit', of, 'email', at).filter((v) => !v.pass);
        expect(blocked).toHaveLength(reached.length);
        if (reached.length === 0) return;
        expect(blocked.some((v) => v.liftsAt === null)).toBe(reached.some((l) => l.every === null));
        if (blocked.some((v) => v.liftsAt === null)) return;
        const liftsAt = Math.max(...blocked.map((v) => v.liftsAt as number));
        expect(verdicts('limit', of, 'email', { ...at, now: liftsAt }).every((v) => v.pass)).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('B-2: spacing: after a marketing contact or a call by a person marketing waits, and no other class does', () => {
  const gapped = bundle({ workspace: workspace({ spacing: DAY }) });
  const call = {
    id: 'tsk_1',
    enrollmentId: 'enr_0',
    action: 'sales-call',
    class: 'marketing' as const,
    key: null,
    state: 'resolved' as const,
    queue: 'sales',
    level: 0,
    at: NOW - DAY / 2,
    acknowledgeBy: NOW,
    resolveBy: NOW,
    outcome: 'reached',
  };
  const at = (changes: Parameters<typeof facts>[0]) => request({ facts: facts(changes), bundle: gapped });
  const [verdict] = verdicts('spacing', action(), 'email', at({ tasks: [call] }));
  expect(verdict).toMatchObject({ code: 'too_soon', liftsAt: NOW + DAY / 2 });
  expect(verdicts('spacing', action({ class: 'service' }), 'email', at({ tasks: [call] }))[0]?.pass).toBe(
    true,
  );
  for (const state of ['withdrawn', 'expired'] as const)
    expect(verdicts('spacing', action(), 'email', at({ tasks: [{ ...call, state }] }))[0]?.pass).toBe(true);
  expect(verdicts('spacing', action(), 'email', at({ deliveries: [delivery()] }))[0]?.pass).toBe(true);
});

const shared = (cap: CapDef, changes: Partial<SharedUse> = {}): SharedUse => ({
  cap,
  action: null,
  used: cap.max,
  freeIn: 3 * DAY,
  ...changes,
});
const ofAccount: CapDef = { max: 2, per: 7 * DAY, channel: null, purpose: null, of: 'account' };

test('E-7: an account’s full cap blocks every member until its wall-clock window has room', () => {
  const capped = bundle({ workspace: workspace({ caps: [ofAccount] }) });
  const at = (use: Partial<SharedUse>) =>
    verdicts(
      'caps',
      action(),
      'email',
      request({ bundle: capped, facts: facts({ sharedUse: [shared(ofAccount, use)] }) }),
    );
  expect(at({})).toEqual([
    {
      gate: 'caps',
      rule: 'caps[0]',
      pass: false,
      code: 'cap_reached',
      observed: 2,
      needed: 2,
      liftsAt: NOW + 3 * DAY,
    },
  ]);
  expect(at({ used: 1, freeIn: null })[0]?.pass).toBe(true);
});

test('E-7: each of several shared caps is judged by its own use', () => {
  const wide: CapDef = { ...ofAccount, max: 9, of: 'workspace' };
  const group = {
    id: 'g',
    workspaces: ['shop', 'sister'],
    caps: [{ ...ofAccount, of: 'group' as const }],
    shareSuppression: false,
  };
  const at = request({
    bundle: bundle({ workspace: workspace({ caps: [ofAccount, wide] }), group }),
    facts: facts({
      sharedUse: [
        shared(ofAccount, { used: 0, freeIn: null }),
        shared(wide),
        shared(group.caps[0] as CapDef, { freeIn: DAY }),
      ],
    }),
  });
  expect(verdicts('caps', action(), 'email', at).map((v) => [v.rule, v.pass, v.needed, v.liftsAt])).toEqual([
    ['caps[0]', true, undefined, undefined],
    ['caps[1]', false, 9, NOW + 3 * DAY],
    ['group.caps[0]', false, 2, NOW + DAY],
  ]);
});

test('E-7: a customer without an account is judged by their own contacts alone', () => {
  const limit = [{ max: 2, every: 7 * DAY, per: 'account' as const }];
  const deliveries = [delivery(), delivery({ id: 'dlv_2', at: NOW - 2 * DAY })];
  const none = { used: 0, freeIn: null };
  for (const uses of [[], [shared(ofAccount, none), shared(ofAccount, { ...none, action: 'tip' })]]) {
    const at = (own: DeliveryFact[]) =>
      request({
        bundle: bundle({ workspace: workspace({ caps: [ofAccount] }) }),
        facts: facts({ deliveries: own, sharedUse: uses }),
      });
    for (const gate of ['caps', 'limit']) {
      const [verdict] = verdicts(gate, action({ limit }), 'email', at(deliveries));
      expect(verdict).toMatchObject({ pass: false, observed: 2, liftsAt: NOW + 5 * DAY });
      expect(verdicts(gate, action({ limit }), 'email', at(deliveries.slice(1)))[0]?.pass).toBe(true);
    }
  }
});

test('E-7: a limit per account counts the action over all members, and without a window it never lifts', () => {
  const limit = [
    { max: 1, every: 30 * DAY, per: 'account' as const },
    { max: 3, every: null, per: 'account' as const },
  ];
  const use = (id: string, max: number, per: number, used: number): SharedUse => ({
    ...shared({ ...ofAccount, max, per }, { used, freeIn: used >= max ? DAY : null }),
    action: id,
  });
  const at = request({
    facts: facts({
      sharedUse: [use('other', 1, 30 * DAY, 5), use('tip', 1, 30 * DAY, 1), use('tip', 3, EVER, 3)],
    }),
  });
  expect(verdicts('limit', action({ limit }), 'email', at)).toMatchObject([
    { code: 'limit_reached', needed: 1, liftsAt: NOW + DAY },
    { code: 'limit_reached', needed: 3, liftsAt: null },
  ]);
  expect(verdicts('limit', action({ id: 'free', limit }), 'email', at)[0]?.pass).toBe(true);
});

test('the look-back of a decision is the longest cap, limit or spacing of workspace and group', () => {
  const cap = (days: number): CapDef => ({ ...ofAccount, of: 'customer', per: days * DAY });
  const group = { id: 'g', workspaces: [], caps: [cap(40)], shareSuppression: false };
  expect(computeLookBack(bundle({ workspace: workspace({ spacing: 3 * DAY }) }))).toBe(3 * DAY);
  expect(computeLookBack(bundle({ workspace: workspace({ caps: [cap(9)] }) }))).toBe(9 * DAY);
  expect(computeLookBack(bundle({ group }))).toBe(40 * DAY);
  const once = action({ limit: [{ max: 1, every: null, per: 'account' }] });
  expect(computeLookBack(bundle({ group, actions: [once] }))).toBe(EVER);
});

test('C-6: a limit of a content group counts what was seen of it in any channel; at liftsAt it passes', () => {
  const limit = fc.record({
    max: fc.integer({ min: 1, max: 3 }),
    every: fc.option(fc.integer({ min: 1, max: 10 }).map((n) => n * DAY)),
    per: fc.constantFrom('customer' as const, 'key' as const),
    of: fc.constant('contentGroup' as const),
  });
  const seen = fc
    .record({
      action: fc.constantFrom('tip', 'web-tip', 'offer', 'gone'),
      channel: fc.constantFrom('email', 'sms', 'web'),
      key: fc.constantFrom('k-1', 'k-2'),
      state: fc.constantFrom(...DELIVERY_STATES),
      at: fc.integer({ min: -15 * DAY, max: 0 }).map((ms) => NOW + ms),
    })
    .map((changes) => delivery(changes));
  fc.assert(
    fc.property(
      limit,
      fc.array(seen, { maxLength: 12 }),
      fc.constantFrom('k-1', 'k-2'),
      (one, deliveries, key) => {
        const of = action({ id: 'tip', contentGroup: 'tips', limit: [one] });
        const actions = [
          of,
          action({ id: 'web-tip', contentGroup: 'tips', channels: ['web'] }),
          action({ id: 'offer', contentGroup: null }),
        ];
        const at = request({ facts: facts({ deliveries }), bundle: bundle({ actions }) });
        const judge = (now: number) => {
          const base = candidate(of);
          const mine = { ...base, enrollment: { ...base.enrollment, key } };
          return judgeCandidate(mine, { ...at, now }).filter(({ gate }) => gate === 'limit');
        };
        const counted = deliveries.filter(
          (d) =>
            countsAsContact(d) &&
            ['tip', 'web-tip'].includes(d.action) &&
            (one.every === null || d.at > NOW - one.every) &&
            (one.per !== 'key' || d.key === key),
        );
        const [verdict] = judge(NOW);
        expect(verdict?.pass).toBe(counted.length < one.max);
        if (verdict?.pass !== false) return;
        expect(verdict).toMatchObject({ code: 'content_seen', observed: counted.length, needed: one.max });
        if (one.every === null) {
          expect(verdict.liftsAt).toBeNull();
          return;
        }
        const liftsAt = verdict.liftsAt as number;
        expect([judge(liftsAt)[0]?.pass, judge(liftsAt - 1)[0]?.pass]).toEqual([true, false]);
      },
    ),
    { numRuns: 1_000 },
  );
});
