import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Candidate, GateVerdict } from '../../../src/domain/candidate.ts';
import { ACTION_CLASSES, type ActionDef, type CapDef, HARMS } from '../../../src/domain/definition.ts';
import type { Evaluator } from '../../../src/domain/facts.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { judgeCandidate } from '../../../src/engine/gates/judge.ts';
import { claimPolicy } from '../../../src/engine/policy.ts';
import type { DecisionRequest } from '../../../src/engine/request.ts';
import { action, bundle, candidate, delivery, facts, NOW, request, ticket, workspace } from '../support.ts';

const channel = fc.constantFrom('email', 'inbox', 'agent_desk');
const purpose = fc.constantFrom('marketing', 'research', 'service');
const anyCap: fc.Arbitrary<CapDef> = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  per: fc.integer({ min: 1, max: 9 }).map((days) => days * DAY),
  channel: fc.option(channel),
  purpose: fc.option(purpose),
  of: fc.constantFrom('customer', 'account', 'group'),
});
const caps = fc.array(anyCap, { maxLength: 3 });
/** One of them fails, so that a condition may hold, not hold, or be beyond reckoning. */
const condition = fc.constantFrom(null, 'yes', 'no', 'fails');
const evaluate: Evaluator = (e) =>
  e === 'fails'
    ? { ok: false, error: 'no such key' }
    : { ok: true, value: e === 'once' ? 'o-1' : e !== 'no' };

const anyAction: fc.Arbitrary<ActionDef> = fc
  .record({
    class: fc.constantFrom(...ACTION_CLASSES),
    purpose,
    eligible: condition,
    applicable: condition,
    suitable: condition,
    limit: fc.array(
      fc.record({
        max: fc.integer({ min: 1, max: 3 }),
        every: fc.constantFrom(null, 2 * DAY, 7 * DAY),
        per: fc.constantFrom('customer' as const, 'account' as const, 'key' as const),
      }),
      { maxLength: 3 },
    ),
    budget: fc.constantFrom(null, { amount: 5, of: 'workspace' as const }),
    inventory: fc.constantFrom(null, { units: 3, per: null }, { units: 3, per: 'month' as const }),
    coupon: fc.constantFrom(null, ...['once', 'fails'].map((once) => ({ percent: 20, validFor: DAY, once }))),
  })
  .map((changes) => action(changes));

const anySituation = fc
  .record({
    caps,
    ofGroup: fc.option(caps),
    quiet: fc.option(
      fc.record({
        from: fc.constantFrom(11 * 60, 20 * 60),
        to: fc.constant(13 * 60),
        classes: fc.subarray([...ACTION_CLASSES]),
      }),
    ),
    sunset: fc.constantFrom(null, { after: 30 * DAY }, { after: 900 * DAY }),
    spacing: fc.constantFrom(0, 2 * DAY),
    guarded: fc.boolean(),
    harm: fc.constantFrom(null, 'by_hand', ...HARMS),
    tickets: fc.array(fc.constantFrom('open' as const, 'closed' as const), { maxLength: 2 }),
    sent: fc.array(fc.record({ channel, purpose, at: fc.integer({ min: 1, max: 200 }) }), { maxLength: 5 }),
    spent: fc.constantFrom(0, 500),
    given: fc.constantFrom(0, 3),
    consented: fc.boolean(),
  })
  .map((generated) => {
    const { ofGroup, tickets, sent, spent, given } = generated;
    const guardrails = generated.guarded ? { harms: [...HARMS], tolerance: 1.1, within: DAY } : null;
    const shop = workspace({
      caps: generated.caps,
      quiet: generated.quiet,
      sunset: generated.sunset,
      spacing: generated.spacing,
      guardrails,
    });
    const group = ofGroup && { id: 'g', workspaces: ['shop'], caps: ofGroup, shareSuppression: false };
    const customerFacts = facts({
      tickets: tickets.map((status, n) => ticket({ id: `T${n}`, status })),
      deliveries: sent.map((one, n) => delivery({ ...one, id: `dlv_${n}`, at: NOW - one.at * HOUR })),
      budgets: [{ action: 'tip', spent, unitsGiven: given, resetsAt: NOW + DAY }],
      pausedActions:
        generated.harm === null ? [] : [{ action: 'tip', since: NOW - DAY, harm: generated.harm }],
      ...(generated.consented ? {} : { consents: [] }),
    });
    return request({ facts: customerFacts, bundle: bundle({ workspace: shop, group }), evaluate });
  });

const LAYERS = ['eligible', 'applicable', 'suitable'] as const;
const LAYER_GATES = ['eligibility', 'applicability', 'suitability'];

/** Everything in the definitions that has a say about the candidate, by where it stands. */
function rulesAbout(
  { action: definition, channel: on }: Candidate,
  { bundle: { workspace: shop, group } }: DecisionRequest,
) {
  const marketing = definition.class === 'marketing';
  const named = (rule: string, there: boolean) => (there ? [rule] : []);
  const covering = (prefix: string, list: CapDef[]) =>
    list.flatMap((cap, n) => {
      const counts = cap.purpose === null ? marketing : cap.purpose === definition.purpose;
      return named(`${prefix}[${n}]`, counts && (cap.channel === null || cap.channel === on));
    });
  return {
    policy: [
      'tickets',
      `channels.${on}`,
      ...named('consent', marketing),
      ...named('quiet', on !== 'agent_desk' && shop.quiet?.classes.includes(definition.class) === true),
      ...named('guardrails', marketing && shop.guardrails !== null),
      ...named('spacing', marketing),
      ...named('sunset', marketing && shop.sunset !== null),
      ...covering('caps', shop.caps),
      ...covering('group.caps', group?.caps ?? []),
      ...definition.limit.map((_, n) => `limit[${n}]`),
      ...named('budget', definition.budget !== null),
      ...named('inventory', definition.inventory !== null),
    ].sort(),
    decided: [
      ...LAYERS.filter((layer) => definition[layer] !== null),
      ...named('coupon', definition.coupon !== null),
    ],
  };
}

function namesIn(verdicts: GateVerdict[]): string[] {
  return [...new Set(verdicts.flatMap(({ rule }) => rule ?? []))].sort();
}

test('I6: every rule of the bundle about a candidate gives a verdict that names it, whatever else blocks', () => {
  fc.assert(
    fc.property(anyAction, channel, anySituation, (of, on, at) => {
      const subject = candidate(of, { channel: on });
      const verdicts = judgeCandidate(subject, at);
      const { policy, decided } = rulesAbout(subject, at);
      expect(namesIn(verdicts)).toEqual([...policy, ...decided].sort());
      expect(namesIn(judgeCandidate(subject, { ...at, policy: claimPolicy(at.bundle) }))).toEqual(policy);
      // A rule that blocks is named, unless nothing is defined: a person has paused the action, or a guard that is gone.
      const nameless = verdicts.filter((v) => !v.pass && v.rule === undefined);
      expect(nameless.every((v) => v.gate === 'guardrail')).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('I6: all three layers of conditions give a verdict, in their order', () => {
  fc.assert(
    fc.property(anyAction, anySituation, (of, at) => {
      const verdicts = judgeCandidate(candidate(of), at).filter(({ gate }) => LAYER_GATES.includes(gate));
      expect(verdicts.map(({ gate }) => gate)).toEqual(LAYER_GATES);
      const passes = (layer: (typeof LAYERS)[number]) => of[layer] === null || of[layer] === 'yes';
      expect(verdicts.map((v) => v.pass)).toEqual(LAYERS.map(passes));
    }),
  );
});

test('I6: the cap or limit that blocks is the one at the position that its verdict names', () => {
  fc.assert(
    fc.property(anyAction, channel, anySituation, (of, on, at) => {
      const { workspace: shop, group } = at.bundle;
      const lists: Record<string, { max: number }[]> = {
        caps: shop.caps,
        'group.caps': group?.caps ?? [],
        limit: of.limit,
      };
      for (const { rule = '', pass, needed } of judgeCandidate(candidate(of, { channel: on }), at)) {
        const [, list = '', index] = /^([a-z.]+)\[(\d+)\]$/.exec(rule) ?? [];
        if (index !== undefined && !pass) expect(needed).toBe(lists[list]?.[Number(index)]?.max);
      }
    }),
    { numRuns: 500 },
  );
});
