import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEvaluator } from '../../src/definitions/cel/evaluate.ts';
import type { Candidate } from '../../src/domain/candidate.ts';
import { mergeProfiles } from '../../src/domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile, type Profile } from '../../src/domain/customer/profile.ts';
import { ACTION_CLASSES, type ActionDef } from '../../src/domain/definition.ts';
import type { Evaluator, Facts } from '../../src/domain/facts.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { createChooser } from '../../src/engine/choose.ts';
import { computeScores } from '../../src/learning/scores/compute-scores.ts';
import { action, attribute, bundle, candidate, facts, NOW, request, ticket, workspace } from './support.ts';

const evaluate = createEvaluator();
const choose = createChooser(null);

function of(enrollment: string, definition: ActionDef, changes: Partial<Candidate> = {}): Candidate {
  const entry = candidate(definition, changes);
  return { ...entry, enrollment: { ...entry.enrollment, id: enrollment } };
}
const chosen = (candidates: Candidate[], changes: Parameters<typeof request>[0] = {}) =>
  choose(candidates, request(changes)).chosen.map((c) => `${c.enrollment.id}:${c.action.id}`);

test('D-6: a higher class goes first and marketing waits, however much marketing is worth', () => {
  const promo = action({ id: 'promo', value: '1000.0', priority: 99 });
  const call = action({ id: 'agent-call', class: 'service', mode: 'human' });
  const choice = choose([of('enr_1', promo), of('enr_2', call)], request({ evaluate }));
  expect(choice.chosen.map((c) => c.action.id)).toEqual(['agent-call']);
  expect(choice.judgedCandidates.find((j) => j.action === 'promo')).toMatchObject({
    verdict: 'outranked',
    propensity: 0,
  });
});

test('B-3: one marketing candidate wins for the whole customer, and none after something was chosen in the decision', () => {
  const rivals = ['a', 'b', 'c'].map((id, n) => of(`enr_${n}`, action({ id, value: `${n + 1}.0` })));
  expect(chosen(rivals, { evaluate })).toEqual(['enr_2:c']);
  expect(chosen(rivals, { evaluate, actedAlready: true })).toEqual([]);
});

test('deliver all: each channel is judged separately; the best is chosen, the others that pass are allowed', () => {
  const gift = action({ id: 'gift', class: 'service', channels: ['email', 'sms', 'inbox'] });
  const perChannel = gift.channels.map((channel) => of('enr_1', gift, { channel }));
  const { judgedCandidates: judged } = choose(perChannel, request());
  expect(judged.map((j) => [j.channel, j.verdict])).toEqual([
    ['email', 'chosen'],
    ['sms', 'blocked'],
    ['inbox', 'allowed'],
  ]);
});

test('two tickets that end together bring one survey: the first choice counts against the limit of the second', () => {
  const survey = action({
    id: 'survey',
    class: 'service',
    limit: [{ max: 1, every: 14 * DAY, per: 'customer' }],
  });
  const choice = choose([of('enr_1', survey), of('enr_2', survey)], request());
  expect(choice.chosen).toHaveLength(1);
  expect(choice.judgedCandidates.map((j) => j.verdict)).toEqual(['chosen', 'blocked']);
});

test('value and cost are evaluated in the scope of the conditions: same suppression, same permitted attributes', () => {
  const cooling = [ticket({ status: 'closed', quietUntil: NOW + HOUR })];
  const customerFacts = facts({ tickets: cooling, attributes: { size: attribute({ uses: ['service'] }) } });
  customerFacts.profile.traits.size = { value: 3, at: NOW, seq: 1, source: 'web' };
  const help = action({ id: 'help', class: 'service', value: 'suppressed.marketing ? traits.size : 0.0' });
  const score = (one: ActionDef) =>
    choose([of('enr_1', one)], request({ facts: customerFacts, evaluate })).judgedCandidates[0];
  expect(score(help)?.score).toBe(3);
  const tip = action({ class: 'transactional', value: 'suppressed.marketing ? 5.0 : 0.0', cost: '2.0' });
  expect(score(tip)?.score).toBe(3);
  const promo = score({ ...help, class: 'marketing' });
  expect(promo?.gates.find((g) => g.gate === 'value')).toMatchObject({
    code: 'error',
    observed: 'no such key: traits.size',
  });
});

test('D-13, I3: while a ticket is open or cooling down no marketing is chosen, whatever its value, in any enrollment', () => {
  const anyAction = fc.record({
    class: fc.constantFrom(...ACTION_CLASSES),
    priority: fc.integer({ min: -5, max: 1_000 }),
    lever: fc.integer({ min: 1, max: 1_000 }),
    about: fc.constantFrom(null, 'ticket' as const, 'order' as const),
    channels: fc.constantFrom<string[]>(['email'], ['inbox']),
  });
  const anyTicket = fc.constantFrom(
    ticket(),
    ticket({ ownerId: 'cus_2' }),
    ticket({ status: 'closed', quietUntil: NOW + 1 }),
    ticket({ status: 'closed' }),
  );
  fc.assert(
    fc.property(fc.array(anyAction, { minLength: 1 }), anyTicket, (actions, silencing) => {
      const pool = actions.map((a, n) => of(`enr_${n}`, action({ id: `a-${n}`, ...a })));
      const customerFacts = facts({ tickets: [silencing] });
      const choice = choose(pool, request({ facts: customerFacts }));
      expect(choice.chosen.filter((c) => c.action.class === 'marketing')).toEqual([]);
      for (const judged of choice.judgedCandidates.filter((j) => j.class === 'marketing')) {
        expect(judged.verdict).toBe('blocked');
        expect(judged.gates.find((g) => g.gate === 'suppression')?.pass).toBe(false);
      }
      for (const c of choice.chosen.filter(
        (one) => one.action.class === 'service' && silencing.status === 'open',
      ))
        expect(c.action.about !== null || silencing.ownerId !== null).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('D-2: at personalisation level 0 personal attributes read as missing, and actions without them still go out', () => {
  const customerFacts = facts({
    attributes: { birthday: attribute({ sensitivity: 2 }) },
    personalisation: 3,
  });
  customerFacts.profile.traits.birthday = { value: '1990-02-28', at: NOW, seq: 1, source: 'web' };
  const personal = action({
    id: 'personal',
    value: '9.0',
    eligible: "traits.birthday.startsWith('1990')",
    reads: ['birthday'],
  });
  const plain = action({ id: 'plain' });
  const pool = [of('enr_1', personal), of('enr_1', plain)];
  expect(chosen(pool, { facts: customerFacts, evaluate })).toEqual(['enr_1:personal']);
  const reserved = structuredClone(customerFacts);
  reserved.profile.personalisation = { level: 0, at: NOW };
  expect(chosen(pool, { facts: reserved, evaluate })).toEqual(['enr_1:plain']);
  const { judgedCandidates: judged } = choose(pool, request({ facts: reserved, evaluate }));
  const verdict = judged[0]?.gates.find((g) => g.gate === 'eligibility');
  expect(verdict?.observed).toContain('traits.birthday (sensitivity)');
});

/** What is true of a candidate whatever order the pool comes in. */
const verdictsById = (pool: Candidate[], customerFacts: Facts, by: Evaluator) =>
  choose(
    pool,
    request({
      facts: customerFacts,
      evaluate: by,
      scores: computeScores({ facts: customerFacts, bundle: bundle(), fitted: null, now: NOW, evaluate: by }),
    }),
  )
    .judgedCandidates.map((j) => ({ ...j, gates: j.gates.map((g) => [g.gate, g.pass, g.code ?? null]) }))
    .sort((a, b) => (a.action < b.action ? -1 : 1));

test('A-1: events by any touchpoint, in any order, under one identity or two merged ones give the same candidates, verdicts and scores', () => {
  const happening = fc.record({
    name: fc.constantFrom('Order Completed', 'Product Viewed', 'Ticket Opened'),
    total: fc.integer({ min: 0, max: 300 }),
    plan: fc.constantFrom('gold', 'basic'),
    source: fc.constantFrom('web', 'app', 'shop', 'call-centre'),
    anonymous: fc.boolean(),
  });
  const pool = [
    of('enr_1', action({ id: 'tip', eligible: "count('Product Viewed') >= 2" })),
    of('enr_2', action({ id: 'offer', suitable: "traits.plan == 'gold'", value: 'scores.value * 10.0' })),
    of('enr_3', action({ id: 'nudge', applicable: 'now > scores.overdueAt', value: '0.5' })),
    of('enr_4', action({ id: 'thanks', eligible: 'orders.exists(o, o.total > 100.0)' })),
  ];
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (happened, keys) => {
      const events = happened.map(({ name, total, plan, source, anonymous }, n) => ({
        anonymous,
        event: {
          type: 'track' as const,
          name,
          at: NOW - 300 * DAY + n * 9 * DAY,
          properties: { order_id: `o-${n}`, total },
          traits: {},
          context: { traits: { plan } },
          source,
        },
      }));
      const fold = (some: typeof events): Profile => {
        const profile = emptyProfile();
        for (const [seq, { event }] of some.entries())
          foldProfile(profile, { ...event, seq: seq + 1 }, 'EUR');
        return profile;
      };
      const knownFacts = (profile: Profile) => {
        const customerFacts = facts();
        return {
          ...customerFacts,
          profile: { ...profile, traits: { ...customerFacts.profile.traits, ...profile.traits } },
        };
      };
      const shuffled = events
        .map((e) => ({ e, key: keys.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ e }) => e);
      const merged = mergeProfiles(
        fold(events.filter((e) => !e.anonymous)),
        fold(events.filter((e) => e.anonymous)),
      );
      const expected = verdictsById(pool, knownFacts(fold(events)), evaluate);
      expect(verdictsById([...pool].reverse(), knownFacts(fold(shuffled)), evaluate)).toEqual(expected);
      expect(verdictsById(pool, knownFacts(merged), evaluate)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('I7: a pool gives the same choice in any order of its candidates', () => {
  const anyAction = fc.record({
    class: fc.constantFrom(...ACTION_CLASSES),
    priority: fc.integer({ min: 0, max: 2 }),
    lever: fc.integer({ min: 1, max: 3 }),
    limit: fc.constantFrom<ActionDef['limit']>([], [{ max: 1, every: DAY, per: 'customer' }]),
  });
  fc.assert(
    fc.property(fc.array(anyAction, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (actions, keys) => {
      const pool = actions.map((a, n) =>
        of(`enr_${n % 4}`, action({ id: `a-${n % 5}`, ...a }), { order: n }),
      );
      const shuffled = pool
        .map((c) => ({ c, key: keys.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ c }) => c);
      const at = request({ bundle: bundle({ workspace: workspace({ spacing: DAY }) }) });
      const names = (from: Candidate[]) =>
        choose(from, at)
          .chosen.map((c) => `${c.enrollment.id} ${c.action.id} ${c.order}`)
          .sort();
      expect(names(shuffled)).toEqual(names(pool));
    }),
    { numRuns: 500 },
  );
});
